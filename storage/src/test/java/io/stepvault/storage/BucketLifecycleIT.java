package io.stepvault.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.storage.BucketLifecycle.Rule;
import io.stepvault.storage.BucketLifecycle.Wanted;
import io.stepvault.storage.object.BucketSettings.Versioning;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.s3.S3Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class BucketLifecycleIT extends BucketLifecycleContract {
    private static final String FOREIGN = "<Rule><ID>archive</ID><Filter><And><Prefix>logs/</Prefix>"
            + "<Tag><Key>kind</Key><Value>a&amp;b</Value></Tag><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan></And></Filter>"
            + "<Status>Disabled</Status>"
            + "<Transition><Days>30</Days><StorageClass>GLACIER</StorageClass></Transition>"
            + "<NoncurrentVersionExpiration><NewerNoncurrentVersions>2</NewerNoncurrentVersions>"
            + "<NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration></Rule>"
            + "<Rule><Filter><Prefix/></Filter><Status>Enabled</Status>"
            + "<Expiration><Date>2030-01-01T00:00:00Z</Date></Expiration></Rule>";

    private final SettingsServer server = new SettingsServer();
    private final List<BucketLifecycle> opened = new ArrayList<>();

    BucketLifecycleIT() throws IOException {}

    @AfterEach
    void close() {
        opened.forEach(BucketLifecycle::close);
        server.close();
    }

    @Override
    BucketLifecycle bucket(String prefix) {
        BucketLifecycle bucket =
                BucketLifecycle.open(server.uri(prefix), TestStores.direct().withS3(credentials()));
        opened.add(bucket);
        return bucket;
    }

    private static S3Options credentials() {
        return S3Options.defaults()
                .withCredentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")));
    }

    @Test
    void leavesRulesOfOthersAsTheyAre() {
        server.putLifecycle(configuration(FOREIGN), "varies_by_storage_class");
        BucketLifecycle bucket = bucket("crawls");

        bucket.apply(wanted(0, 30, 0));

        assertThat(bucket.state().rules().orElseThrow().stream()
                        .filter(rule -> !rule.isOurs())
                        .map(Rule::rule))
                .extracting(rule -> rule.id() + " " + rule.prefix() + " " + rule.enabled() + " " + rule.action())
                .containsExactly(
                        "archive logs/ false old versions go after 1 day, but the last 2; moved to GLACIER after 30 days"
                                + " (only tag kind=a&b, over 5 bytes)",
                        "  true expire on 2030-01-01T00:00:00Z");
        assertThat(server.setting("lifecycle").orElseThrow())
                .contains(
                        "<Key>kind</Key><Value>a&amp;b</Value>",
                        "<NewerNoncurrentVersions>2</NewerNoncurrentVersions>");
        assertThat(server.minimumSize()).hasValue("varies_by_storage_class");

        bucket.apply(Wanted.NOTHING);
        assertThat(server.setting("lifecycle").orElseThrow())
                .contains("archive")
                .doesNotContain("stepvault");
    }

    @Test
    void leavesNoRulesWhereThereWereNone() {
        BucketLifecycle bucket = bucket("crawls");
        assertThat(bucket.state().rules().orElseThrow()).isEmpty();

        bucket.apply(wanted(9, 0, 0));
        assertThat(server.setting("lifecycle").orElseThrow())
                .contains("<Filter><Prefix>crawls/sessions/</Prefix></Filter>");
        bucket.apply(Wanted.NOTHING);

        assertThat(server.setting("lifecycle")).isEmpty();
    }

    /** A bucket knows no labels. */
    @Test
    void labelsThatHoldAndABucketThatExpiresStepsDoNotGoTogether() {
        StoreOptions options = TestStores.direct().withS3(credentials());
        LifecyclePolicy holding =
                new LifecyclePolicy(OptionalInt.empty(), OptionalInt.empty(), List.of(LabelHold.parse("legal")));
        BucketLifecycle bucket = bucket("crawls");
        bucket.apply(wanted(90, 30, 0));

        try (SessionLifecycle lifecycle = SessionLifecycle.open(server.uri("crawls"), options)) {
            assertThatThrownBy(() -> lifecycle.writePolicy(holding))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("take that rule away first");
            assertThat(bucket("crawls").state().rules().orElseThrow()).hasSize(3);
        }
        assertThat(bucket("other").expiresSteps()).isFalse();
    }

    /** S3 refuses filters beside rules that name their prefix themselves. */
    @Test
    void writesRulesOfTheKindThatTheBucketHas() {
        server.putLifecycle(
                configuration("<Rule><ID>old</ID><Prefix>logs/</Prefix><Status>Enabled</Status>"
                        + "<Expiration><Days>1</Days></Expiration></Rule>"),
                "all_storage_classes_128K");

        bucket("crawls").apply(wanted(0, 0, 7));

        assertThat(server.setting("lifecycle").orElseThrow())
                .contains("<Prefix>logs/</Prefix>", "<Prefix>crawls/</Prefix>")
                .doesNotContain("Filter");
    }

    /** What else lies in a bucket without a prefix is not ours. */
    @Test
    void limitsRulesToStepsWhereThereIsNoPrefix() {
        BucketLifecycle bucket = bucket("");
        bucket.apply(wanted(90, 30, 7));

        assertThat(bucket.state().rules().orElseThrow())
                .extracting(rule -> rule.rule().prefix())
                .containsExactly("sessions/", "days/", "sessions/", "sessions/");
    }

    @Test
    void refusesMoreRulesThanABucketTakes() {
        String rules = IntStream.range(0, 999)
                .mapToObj(i -> "<Rule><ID>rule-" + i + "</ID><Filter><Prefix>p" + i + "/</Prefix></Filter>"
                        + "<Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>")
                .collect(Collectors.joining());
        server.putLifecycle(configuration(rules), "all_storage_classes_128K");
        BucketLifecycle bucket = bucket("crawls");

        assertThatThrownBy(() -> bucket.apply(wanted(90, 0, 0)))
                .isInstanceOf(StoreAccessException.class)
                .hasMessageContaining("1001 lifecycle rules")
                .hasMessageContaining("nothing was changed");
        assertThat(server.setting("lifecycle")).hasValue(configuration(rules));
        bucket.apply(wanted(0, 30, 0));
        assertThat(bucket.state().rules().orElseThrow()).hasSize(1_000);
    }

    @Test
    void turnsVersioningOn() {
        BucketLifecycle bucket = bucket("crawls");
        assertThat(bucket.state().versioning()).isEqualTo(Versioning.OFF);

        bucket.enableVersioning();

        assertThat(bucket.state().versioning()).isEqualTo(Versioning.ON);
    }

    @Test
    void saysWhatAStoreDoesNotHave(@TempDir Path directory) {
        server.forgetSettings();
        BucketLifecycle bucket = bucket("crawls");

        assertThat(bucket.state().versioning()).isEqualTo(Versioning.UNSUPPORTED);
        assertThat(bucket.state().rules()).isEmpty();
        assertThatThrownBy(() -> bucket.apply(wanted(0, 30, 0)))
                .isInstanceOf(StoreAccessException.class)
                .hasMessageContaining("this store has no lifecycle rules");
        assertThatThrownBy(bucket::enableVersioning).hasMessageContaining("keeps no versions");
        try (BucketLifecycle files = BucketLifecycle.open(directory.toUri(), TestStores.direct())) {
            assertThatThrownBy(files::state)
                    .isInstanceOf(StoreAccessException.class)
                    .hasMessageContaining("no bucket");
        }
    }

    private static String configuration(String rules) {
        return "<LifecycleConfiguration>" + rules + "</LifecycleConfiguration>";
    }
}
