package io.stepvault.server;

import io.stepvault.capture.Artifacts;
import io.stepvault.capture.StepCaptures;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A crawl in a directory, {@code SESSION/STEP/} with page.html, screenshot.png and action.json, put into a store. */
public final class CrawlFixture {
    private static final Pattern TIME = Pattern.compile("\"captured_at\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern URL = Pattern.compile("\"url\"\\s*:\\s*\"([^\"]+)\"");

    private CrawlFixture() {}

    /** Stores all steps of all sessions. */
    public static void store(Path crawl, StepStore store) throws IOException {
        for (Path session : entries(crawl)) {
            List<StepCapture> captures = new ArrayList<>();
            List<Path> steps = entries(session);
            for (Path step : steps) {
                captures.add(capture(
                        session.getFileName().toString(), step, captures.size(), captures.size() == steps.size() - 1));
            }
            for (StoreOutcome outcome : store.store(captures)) {
                if (outcome instanceof StoreOutcome.Failed failed) {
                    throw failed.cause();
                }
            }
        }
    }

    private static StepCapture capture(String session, Path step, long sequence, boolean last) throws IOException {
        String action = Files.readString(step.resolve("action.json"));
        StepCapture.Builder capture = StepCaptures.of(
                        session,
                        step.getFileName().toString(),
                        Instant.parse(find(TIME, action).orElse("2026-11-20T08:00:00Z")))
                .setSequence(sequence)
                .setUrl(find(URL, action).orElse(null))
                .setAction(action)
                .setEndOfSession(last);
        if (Files.exists(step.resolve("page.html"))) {
            capture.setHtml(Artifacts.html(Files.readString(step.resolve("page.html"))));
        }
        if (Files.exists(step.resolve("screenshot.png"))) {
            capture.setScreenshot(Artifacts.png(Files.readAllBytes(step.resolve("screenshot.png"))));
        }
        return capture.build();
    }

    private static Optional<String> find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static List<Path> entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        }
    }
}
