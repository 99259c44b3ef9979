package io.stepvault.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.Revision;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A million objects: as few requests as S3 allows, and no more in memory than a page. */
class ManyKeysTest {
    private static final int MILLION = 1_000_000;
    private static final int OBJECTS_OF_A_STEP = 10;
    private static final String TIME =
            new Revision(Instant.parse("2026-11-20T12:00:00Z"), "0123456789abcdef").toString();

    /** 100,000 steps of ten objects each. */
    private static String objectOfAStep(int place) {
        int object = place % OBJECTS_OF_A_STEP;
        String step = "sessions/s/steps/" + digits(place / OBJECTS_OF_A_STEP) + "/" + TIME;
        return step + (object < OBJECTS_OF_A_STEP - 1 ? "/attachments/" + object : "/step.json");
    }

    private static String digits(int number) {
        return Integer.toString(number + 10_000_000).substring(1);
    }

    private static String sessionDirectory(int place) {
        return "sessions/session-" + digits(place) + "/steps/a/" + TIME + "/step.json";
    }

    @Test
    void listsStepsByOneRequestForAThousandKeys() {
        ManyKeys keys = new ManyKeys(MILLION, ManyKeysTest::objectOfAStep);

        Page<StepEntry> page = TestStores.over(keys).steps("s", PageRequest.first(PageRequest.MAX_LIMIT));

        assertThat(page.items()).hasSize(100_000);
        assertThat(page.nextToken()).isEmpty();
        assertThat(keys.requests("sessions/")).isEqualTo(1_000);
        assertThat(keys.mostPages()).isLessThanOrEqualTo(2);
    }

    @Test
    void listsRevisionsByOneRequestForAThousandKeys() {
        ManyKeys keys = new ManyKeys(MILLION, ManyKeysTest::objectOfAStep);

        long listed = count(page -> TestStores.over(keys).revisions("s", page));

        assertThat(listed).isEqualTo(100_000);
        assertThat(keys.requests("sessions/")).isEqualTo(1_000);
        assertThat(keys.mostPages()).isLessThanOrEqualTo(2);
    }

    @Test
    void listsSessionsOfADayByOneRequestForAThousandKeys() {
        ManyKeys keys = new ManyKeys(MILLION, place -> "days/2026-11-20/session-" + digits(place));

        long listed = count(page -> TestStores.over(keys).sessions(page));

        assertThat(listed).isEqualTo(MILLION);
        assertThat(keys.requests("days/2026")).isEqualTo(1_000);
        assertThat(keys.requests("days/") - keys.requests("days/2026"))
                .as("which days there are is asked for by the first page and by the last")
                .isEqualTo(2);
        assertThat(keys.requests("deleted/")).as("once for each of ten pages").isEqualTo(10);
        assertThat(keys.mostPages()).isLessThanOrEqualTo(2);
    }

    @Test
    void listsSessionIdsByOneRequestForAThousandKeys() {
        ManyKeys keys = new ManyKeys(MILLION, ManyKeysTest::sessionDirectory);

        long listed = count(page -> TestStores.over(keys).sessionIds("", page));

        assertThat(listed).isEqualTo(MILLION);
        assertThat(keys.requests("sessions/")).isEqualTo(1_000);
        assertThat(keys.requests("deleted/")).isEqualTo(10);
        assertThat(keys.mostPages()).isLessThanOrEqualTo(2);
    }

    @Test
    void asksForNoMoreKeysThanASmallPageNeeds() {
        ManyKeys keys = new ManyKeys(MILLION, ManyKeysTest::sessionDirectory);

        Page<String> page = TestStores.over(keys).sessionIds("session-05", PageRequest.first(50));

        assertThat(page.items()).hasSize(50).first().isEqualTo("session-0500000");
        assertThat(page.nextToken()).isPresent();
        assertThat(keys.requests("sessions/")).isEqualTo(1);
    }

    private static <T> long count(Function<PageRequest, Page<T>> pages) {
        long items = 0;
        Optional<String> token = Optional.empty();
        do {
            Page<T> page = pages.apply(new PageRequest(PageRequest.MAX_LIMIT, token));
            items += page.items().size();
            token = page.nextToken();
        } while (token.isPresent());
        return items;
    }
}
