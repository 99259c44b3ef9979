@NullMarked
package io.stepvault.storage.s3;

import org.jspecify.annotations.NullMarked;
