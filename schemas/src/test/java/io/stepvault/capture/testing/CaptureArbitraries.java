package io.stepvault.capture.testing;

import io.stepvault.capture.Artifacts;
import io.stepvault.capture.Revision;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Arbitrary captures and their parts, all of them valid, all as odd as they may be. */
public final class CaptureArbitraries {
    private static final long LATEST_MICROS = Revision.LATEST.getEpochSecond() * 1_000_000 + 999_999;

    // Code points that code which is careless about text gets wrong.
    private static final List<Integer> TRICKY =
            "\0\t\n\r\u001F\"%+./\\:~\u007F\u0080\u00E9\u0301\u2028\uD7FF\uE000\uFB33\uFEFF\uFFFD\uFFFF\uD800\uDC00\uD83D\uDE00\uDBFF\uDFFF"
                    .codePoints()
                    .boxed()
                    .toList();

    private CaptureArbitraries() {}

    /** Any Unicode text of so many code points. */
    public static Arbitrary<String> text(int minCodePoints, int maxCodePoints) {
        Arbitrary<Integer> any = Arbitraries.integers().between(0, 0x10FFFF).filter(c -> c < 0xD800 || c > 0xDFFF);
        return Arbitraries.frequencyOf(
                        Tuple.of(4, Arbitraries.integers().between('a', 'z')),
                        Tuple.of(2, Arbitraries.of(TRICKY)),
                        Tuple.of(1, any))
                .list()
                .ofMinSize(minCodePoints)
                .ofMaxSize(maxCodePoints)
                .map(CaptureArbitraries::joined);
    }

    /** Any id that can be stored, among them paths and hidden names. */
    public static Arbitrary<String> ids() {
        return Arbitraries.frequencyOf(
                Tuple.of(9, text(1, 20)),
                Tuple.of(1, Arbitraries.of(".", "..", "...", ".a", "../..", "/", "%", "%2F", "a/../b", "CON", "html")));
    }

    /** Any capture time that can be stored. */
    public static Arbitrary<Instant> captureTimes() {
        return Arbitraries.longs()
                .between(0, LATEST_MICROS)
                .map(micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }

    /** Small artifacts, some empty. */
    public static Arbitrary<Artifact> artifacts() {
        Arbitrary<String> types =
                Arbitraries.oneOf(Arbitraries.of("text/html; charset=utf-8", "image/png", ""), text(0, 10));
        Arbitrary<byte[]> data = Arbitraries.bytes().array(byte[].class).ofMaxSize(100);
        return Combinators.combine(types, data).as(Artifacts::of);
    }

    /** Actions that are JSON. */
    public static Arbitrary<String> actions() {
        return Arbitraries.of(List.of(
                "{\"type\":\"click\",\"selector\":\"#buy\"}",
                "[]",
                " null ",
                "\"\\ud800\"",
                "-0.0e+99",
                "{\"a\":{\"a\":[1]}}"));
    }

    /** Any capture that can be stored. */
    public static Arbitrary<StepCapture> captures() {
        Arbitrary<Map<String, Artifact>> attachments =
                Arbitraries.maps(ids(), artifacts()).ofMaxSize(4);
        Arbitrary<Map<String, String>> labels =
                Arbitraries.maps(text(0, 5), text(0, 5)).ofMaxSize(4);
        // Two halves: eleven fields are more than one combinator takes.
        Arbitrary<StepBuilder> identity = Combinators.combine(
                        ids(),
                        ids(),
                        captureTimes(),
                        Arbitraries.longs().injectNull(0.3),
                        text(0, 20).injectNull(0.3),
                        actions().injectNull(0.5))
                .as((session, step, time, sequence, url, action) -> {
                    StepBuilder builder =
                            StepBuilder.aStep().inSession(session).withId(step).capturedAt(time);
                    if (sequence != null) {
                        builder.withSequence(sequence);
                    }
                    if (url != null) {
                        builder.withUrl(url);
                    }
                    if (action != null) {
                        builder.withAction(action);
                    }
                    return builder;
                });
        return Combinators.combine(
                        identity,
                        artifacts().injectNull(0.3),
                        artifacts().injectNull(0.3),
                        attachments,
                        labels,
                        Arbitraries.of(true, false))
                .as((builder, html, screenshot, files, names, last) -> {
                    StepCapture half = builder.build();
                    return new StepCapture(
                            half.getSessionId(),
                            half.getStepId(),
                            half.getCapturedAt(),
                            half.getSequence().orElse(null),
                            half.getUrl().orElse(null),
                            html,
                            screenshot,
                            half.getAction().orElse(null),
                            files,
                            names,
                            last);
                });
    }

    private static String joined(List<Integer> codePoints) {
        StringBuilder text = new StringBuilder();
        codePoints.forEach(text::appendCodePoint);
        return text.toString();
    }
}
