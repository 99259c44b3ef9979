/** S3 and compatible stores through the AWS SDK, which is seen nowhere else. */
@NullMarked
package io.stepvault.storage.s3;

import org.jspecify.annotations.NullMarked;
