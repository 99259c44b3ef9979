package io.stepvault.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.server.http.Answer;
import io.stepvault.server.http.Call;
import io.stepvault.server.http.Query;
import io.stepvault.server.listing.StepListings;
import io.stepvault.storage.LoadOutcome;
import io.stepvault.storage.Page;
import io.stepvault.storage.PageRequest;
import io.stepvault.storage.StepAddress;
import io.stepvault.storage.StepEntry;
import io.stepvault.storage.StepStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Answers with the steps of a session, as lists or with their records. A record may be as large as a capture: a page has
 * the records of its first steps up to a bound, and says of the others that they are asked for one by one. Safe for any
 * thread.
 */
final class StepList {
    private static final int MOST_DETAILED = 200;
    private static final int AT_ONCE = 16;
    private static final long MOST_TEXT = 8L << 20;

    private final StepStore store;
    private final StepListings listings;

    StepList(StepStore store, StepListings listings) {
        this.store = store;
        this.listings = listings;
    }

    Answer list(Call call) {
        String sessionId = Ids.session(call);
        Query query = Query.of(call, "limit", "page", "detail");
        boolean detail = query.flag("detail");
        int limit = detail
                ? query.number("limit", MOST_DETAILED, 1, MOST_DETAILED)
                : query.number("limit", 1_000, 1, PageRequest.MAX_LIMIT);
        Page<StepEntry> page = listings.page(sessionId, new PageRequest(limit, query.text("page")));
        Answer known = Answer.json(json -> write(json, page, List.of()))
                .with("ETag", etag(page, detail))
                .with("Cache-Control", "no-cache")
                .unlessKnown(call.headers());
        if (!detail || known.status() == 304) {
            return known;
        }
        List<LoadOutcome> records = records(page.items());
        Answer detailed = Answer.json(json -> write(json, page, records)).with("Cache-Control", "no-cache");
        // Only what is whole will be the same next time.
        boolean whole = records.stream().allMatch(LoadOutcome.Found.class::isInstance);
        return whole ? detailed.with("ETag", etag(page, true)) : detailed;
    }

    /** The records of the first steps, as many as there is room for. */
    private List<LoadOutcome> records(List<StepEntry> steps) {
        List<LoadOutcome> records = new ArrayList<>();
        long text = 0;
        while (records.size() < steps.size() && text < MOST_TEXT) {
            int end = Math.min(records.size() + AT_ONCE, steps.size());
            for (LoadOutcome outcome : store.loadAll(steps.subList(records.size(), end).stream()
                    .map(StepAddress::of)
                    .toList())) {
                if (outcome instanceof LoadOutcome.Failed failed
                        && failed.cause().isOutage()) {
                    throw failed.cause();
                }
                if (outcome instanceof LoadOutcome.Found found) {
                    text += Records.textOf(found.step().record());
                }
                records.add(outcome);
            }
        }
        return records;
    }

    private static void write(JsonGenerator json, Page<StepEntry> page, List<LoadOutcome> records) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("steps");
        for (int i = 0; i < page.items().size(); i++) {
            StepEntry step = page.items().get(i);
            json.writeStartObject();
            Json.stepFields(json, step);
            if (i < records.size() && records.get(i) instanceof LoadOutcome.Found found) {
                json.writeObjectFieldStart("record");
                Records.write(
                        json, found.step().record(), Links.revision(step.sessionId(), step.stepId(), step.revision()));
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        Json.next(json, page.nextToken());
        json.writeEndObject();
    }

    /** A list says nothing but which revisions there are, and these never change. */
    private static String etag(Page<StepEntry> page, boolean detail) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        for (StepEntry step : page.items()) {
            digest.update((step.revision() + "/" + step.stepId() + "\0").getBytes(StandardCharsets.UTF_8));
        }
        digest.update((page.nextToken().orElse("") + detail).getBytes(StandardCharsets.UTF_8));
        return "W/\"" + HexFormat.of().formatHex(digest.digest(), 0, 16) + "\"";
    }
}
