/** What the hot pieces of a worker take by themselves, each for one capture of 180 KB unless it says otherwise. */
@NullMarked
package io.stepvault.bench.micro;

import org.jspecify.annotations.NullMarked;
