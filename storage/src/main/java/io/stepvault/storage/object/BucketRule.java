package io.stepvault.storage.object;

import java.util.OptionalInt;

/**
 * A rule by which a bucket removes objects by itself, whose keys begin with {@code prefix}. What is empty is not done.
 *
 * @param id tells it from the bucket's other rules, at most 255 letters, digits and dashes
 * @param expireAfterDays objects expire so many days after they were put
 * @param oldVersionsAfterDays versions go so many days after they were replaced or deleted; and so does what says that
 *     an object was deleted, once none of its versions is left
 * @param uploadsAfterDays uploads are given up so many days after they were begun, if they are not finished
 */
public record BucketRule(
        String id,
        String prefix,
        OptionalInt expireAfterDays,
        OptionalInt oldVersionsAfterDays,
        OptionalInt uploadsAfterDays) {}
