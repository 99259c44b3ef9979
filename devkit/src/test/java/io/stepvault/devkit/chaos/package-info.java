/** The tests of the test: that what is lost, doubled or late is seen, and that troubles really happen. */
@NullMarked
package io.stepvault.devkit.chaos;

import org.jspecify.annotations.NullMarked;
