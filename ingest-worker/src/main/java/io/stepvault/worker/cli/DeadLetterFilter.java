package io.stepvault.worker.cli;

import io.stepvault.capture.Rejection;
import io.stepvault.worker.config.DurationText;
import io.stepvault.worker.deadletter.DeadLetterIndex;
import io.stepvault.worker.deadletter.LetterSource;
import io.stepvault.worker.deadletter.StoredDeadLetter;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which dead letters a command is about. */
final class DeadLetterFilter {
    private static final Pattern SOURCE = Pattern.compile("([A-Za-z0-9._-]{1,249})(?::(\\d{1,9})(?::(\\d{1,18}))?)?");
    private static final Pattern DAY = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");

    @Option(
            names = "--reason",
            paramLabel = "CODE",
            split = ",",
            description = "Only with this reason, such as undecodable. May be given several times.")
    private List<String> reasons = List.of();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only dead-lettered at or after this: a time, a day (UTC), or how long ago.")
    private Optional<String> since = Optional.empty();

    @Option(names = "--until", paramLabel = "TIME", description = "Only dead-lettered before this.")
    private Optional<String> until = Optional.empty();

    @Option(
            names = "--session",
            paramLabel = "SESSION",
            description = "Only this session's: by the capture's id or, where none can be read, the record's key.")
    private Optional<String> session = Optional.empty();

    @Option(
            names = "--source",
            paramLabel = "TOPIC[:PARTITION[:OFFSET]]",
            description = "Only copies of records from there.")
    private Optional<String> source = Optional.empty();

    @Option(names = "--limit", paramLabel = "N", description = "At most so many.")
    private Optional<Integer> limit = Optional.empty();

    /** Which of all letters are meant, with every option checked. */
    Selection selection(Clock clock) {
        List<String> known = Arrays.stream(Rejection.Reason.values())
                .map(Rejection.Reason::code)
                .toList();
        for (String reason : reasons) {
            if (!known.contains(reason)) {
                throw CommandFailure.usage("--reason: '" + reason + "' is none; known are " + String.join(", ", known));
            }
        }
        if (limit.filter(max -> max < 1).isPresent()) {
            throw CommandFailure.usage("--limit: '" + limit.get() + "' is not allowed; expected 1 or more");
        }
        return new Selection(
                List.copyOf(reasons),
                since.map(text -> time("--since", text, clock)),
                until.map(text -> time("--until", text, clock)),
                session,
                source.map(DeadLetterFilter::source),
                limit);
    }

    private static Source source(String text) {
        Matcher parts = SOURCE.matcher(text);
        if (!parts.matches()) {
            throw CommandFailure.usage(
                    "--source: '" + text + "' is none; write TOPIC, TOPIC:PARTITION or" + " TOPIC:PARTITION:OFFSET");
        }
        return new Source(
                parts.group(1),
                parts.group(2) == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(parts.group(2))),
                parts.group(3) == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(parts.group(3))));
    }

    private static Instant time(String option, String text, Clock clock) {
        try {
            if (DAY.matcher(text).matches()) {
                return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            return text.endsWith("Z") ? Instant.parse(text) : clock.instant().minus(DurationText.parse(text));
        } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
            throw CommandFailure.usage(option + ": '" + text + "' is no time; write 2026-11-22T08:00:00Z, 2026-11-22"
                    + " (UTC), or how long ago, such as 2h");
        }
    }

    /** Where letters came from. */
    record Source(String topic, OptionalInt partition, OptionalLong offset) {
        boolean takes(LetterSource from) {
            return topic.equals(from.topic())
                    && (partition.isEmpty() || partition.getAsInt() == from.id().partition())
                    && (offset.isEmpty() || offset.getAsLong() == from.id().offset());
        }
    }

    /** What the options say, checked. */
    record Selection(
            List<String> reasons,
            Optional<Instant> since,
            Optional<Instant> until,
            Optional<String> session,
            Optional<Source> source,
            Optional<Integer> limit) {

        /** All letters that are meant, the oldest first, whatever the limit says. */
        List<StoredDeadLetter> of(DeadLetterIndex index) {
            return index.letters().stream().filter(this::takes).collect(Collectors.toList());
        }

        /** As many of these as the limit says. */
        List<StoredDeadLetter> limited(List<StoredDeadLetter> letters) {
            return limit.isEmpty() || letters.size() <= limit.get() ? letters : letters.subList(0, limit.get());
        }

        /** Whether records that are no dead letters would be meant too. */
        boolean takesStrangeRecords() {
            return reasons.isEmpty() && session.isEmpty() && source.isEmpty();
        }

        boolean takes(Instant at) {
            return since.filter(at::isBefore).isEmpty()
                    && until.filter(end -> !at.isBefore(end)).isEmpty();
        }

        private boolean takes(StoredDeadLetter letter) {
            return takes(letter.at())
                    && (reasons.isEmpty() || reasons.contains(letter.headers().reason()))
                    && (session.isEmpty() || session.equals(letter.payload().session()))
                    && source.filter(from -> !from.takes(letter.source())).isEmpty();
        }
    }
}
