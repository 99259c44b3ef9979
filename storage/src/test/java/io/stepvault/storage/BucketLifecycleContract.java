package io.stepvault.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.storage.BucketLifecycle.Rule;
import io.stepvault.storage.BucketLifecycle.Wanted;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A bucket's rules and versioning, on any server that has them. */
abstract class BucketLifecycleContract {
    /** The bucket of a store under a prefix; closed by whoever opened it. */
    abstract BucketLifecycle bucket(String prefix);

    private static final Wanted ALL = wanted(90, 30, 7);

    static Wanted wanted(int expire, int versions, int uploads) {
        return new Wanted(days(expire), days(versions), days(uploads));
    }

    private static OptionalInt days(int days) {
        return days == 0 ? OptionalInt.empty() : OptionalInt.of(days);
    }

    @Test
    void putsRulesBesideOthersAndTakesThemAwayAgain() {
        BucketLifecycle one = bucket("crawls/one");
        BucketLifecycle two = bucket("crawls/on");
        List<Rule> before = rules(one);

        two.apply(wanted(0, 0, 3));
        List<Rule> ofTwo = rules(one);
        one.apply(ALL);
        one.apply(ALL);

        assertThat(rules(one)).filteredOn(rule -> !rule.isOurs()).isEqualTo(ofTwo);
        assertThat(rules(one).stream().filter(Rule::isOurs).map(Rule::rule))
                .allMatch(rule -> rule.enabled() && rule.id().matches("stepvault-[a-z-]+-[0-9a-f]{12}"))
                .extracting(rule -> rule.prefix().replaceAll(".*crawls/", "") + ": " + rule.action())
                .containsExactlyInAnyOrder(
                        "one/sessions/: expire after 90 days",
                        "one/days/: expire after 91 days",
                        "one/: delete markers without versions go; old versions go after 30 days",
                        "one/: unfinished uploads are given up after 7 days");

        one.apply(wanted(0, 31, 0));
        assertThat(rules(one))
                .filteredOn(Rule::isOurs)
                .singleElement()
                .satisfies(rule -> assertThat(rule.rule().action()).contains("31 days"));
        one.apply(Wanted.NOTHING);
        assertThat(rules(one)).isEqualTo(ofTwo);
        two.apply(Wanted.NOTHING);
        assertThat(rules(one)).isEqualTo(before);
    }

    private static List<Rule> rules(BucketLifecycle bucket) {
        return bucket.state().rules().orElseThrow();
    }
}
