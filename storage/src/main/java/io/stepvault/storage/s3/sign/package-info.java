/** AWS Signature Version 4, as far as puts and look-ups need it. Pure computation. */
@NullMarked
package io.stepvault.storage.s3.sign;

import org.jspecify.annotations.NullMarked;
