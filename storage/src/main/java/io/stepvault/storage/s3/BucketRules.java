package io.stepvault.storage.s3;

import io.stepvault.storage.object.BucketRule;
import io.stepvault.storage.object.BucketSettings.RuleSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleExpiration;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleAndOperator;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.Tag;

/** A bucket's lifecycle rules as S3 has them: what ours are, how they are merged, what others say. Stateless. */
@SuppressWarnings("deprecation") // Buckets still have rules with a prefix and no filter, which must stay as they are.
final class BucketRules {
    /** Amazon S3 User Guide, "Lifecycle configuration elements". */
    static final int MAX_RULES = 1_000;

    private BucketRules() {}

    /** The rules of a bucket with those of the ids {@code replaced} left out, and {@code ours} added. */
    static List<LifecycleRule> merged(List<LifecycleRule> rules, Set<String> replaced, List<BucketRule> ours) {
        List<LifecycleRule> merged = new ArrayList<>();
        rules.stream().filter(rule -> !replaced.contains(id(rule))).forEach(merged::add);
        // Rules of the first kind name their prefix themselves, not in a filter, and S3 refuses a mixture.
        boolean firstKind = merged.stream().anyMatch(rule -> rule.prefix() != null);
        ours.forEach(rule -> merged.add(sdkRule(rule, firstKind)));
        return merged;
    }

    private static LifecycleRule sdkRule(BucketRule rule, boolean firstKind) {
        LifecycleRule.Builder builder = LifecycleRule.builder().id(rule.id()).status(ExpirationStatus.ENABLED);
        if (firstKind) {
            builder.prefix(rule.prefix());
        } else {
            builder.filter(filter -> filter.prefix(rule.prefix()));
        }
        rule.expireAfterDays().ifPresent(days -> builder.expiration(expiration -> expiration.days(days)));
        rule.oldVersionsAfterDays().ifPresent(days -> {
            builder.noncurrentVersionExpiration(old -> old.noncurrentDays(days));
            if (rule.expireAfterDays().isEmpty()) {
                builder.expiration(expiration -> expiration.expiredObjectDeleteMarker(true));
            }
        });
        rule.uploadsAfterDays()
                .ifPresent(
                        days -> builder.abortIncompleteMultipartUpload(uploads -> uploads.daysAfterInitiation(days)));
        return builder.build();
    }

    static RuleSummary summary(LifecycleRule rule) {
        return new RuleSummary(id(rule), prefix(rule), rule.status() == ExpirationStatus.ENABLED, action(rule));
    }

    private static String id(LifecycleRule rule) {
        return Objects.requireNonNullElse(rule.id(), "");
    }

    private static String prefix(LifecycleRule rule) {
        LifecycleRuleFilter filter = rule.filter();
        String prefix = filter == null
                ? rule.prefix()
                : filter.and() == null ? filter.prefix() : filter.and().prefix();
        return Objects.requireNonNullElse(prefix, "");
    }

    private static String action(LifecycleRule rule) {
        List<String> parts = new ArrayList<>();
        if (rule.expiration() != null) {
            parts.add(expiration(rule.expiration()));
        }
        if (rule.noncurrentVersionExpiration() != null) {
            var old = rule.noncurrentVersionExpiration();
            parts.add("old versions go after " + days(old.noncurrentDays())
                    + (old.newerNoncurrentVersions() == null ? "" : ", but the last " + old.newerNoncurrentVersions()));
        }
        if (rule.abortIncompleteMultipartUpload() != null) {
            parts.add("unfinished uploads are given up after "
                    + days(rule.abortIncompleteMultipartUpload().daysAfterInitiation()));
        }
        rule.transitions()
                .forEach(transition -> parts.add("moved to " + transition.storageClassAsString() + " "
                        + (transition.date() == null
                                ? "after " + days(transition.days())
                                : "on " + transition.date())));
        rule.noncurrentVersionTransitions()
                .forEach(transition -> parts.add("old versions moved to " + transition.storageClassAsString()
                        + " after " + days(transition.noncurrentDays())));
        return String.join("; ", parts) + only(rule.filter());
    }

    private static String expiration(LifecycleExpiration expiration) {
        if (expiration.days() != null) {
            return "expire after " + days(expiration.days());
        }
        return expiration.date() == null ? "delete markers without versions go" : "expire on " + expiration.date();
    }

    private static String days(@Nullable Integer days) {
        return days == null ? "some time" : days + (days == 1 ? " day" : " days");
    }

    /** What else than the prefix limits a rule. */
    private static String only(@Nullable LifecycleRuleFilter filter) {
        if (filter == null) {
            return "";
        }
        List<String> limits = new ArrayList<>();
        LifecycleRuleAndOperator and = filter.and();
        if (filter.tag() != null) {
            limits.add(tag(filter.tag()));
        }
        if (and != null) {
            and.tags().forEach(tag -> limits.add(tag(tag)));
        }
        Long above = and == null ? filter.objectSizeGreaterThan() : and.objectSizeGreaterThan();
        Long below = and == null ? filter.objectSizeLessThan() : and.objectSizeLessThan();
        if (above != null) {
            limits.add("over " + above + " bytes");
        }
        if (below != null) {
            limits.add("under " + below + " bytes");
        }
        return limits.isEmpty() ? "" : " (only " + String.join(", ", limits) + ")";
    }

    private static String tag(Tag tag) {
        return "tag " + tag.key() + "=" + tag.value();
    }
}
