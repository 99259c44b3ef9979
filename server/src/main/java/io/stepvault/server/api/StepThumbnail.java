package io.stepvault.server.api;

import io.stepvault.capture.ArtifactInfo;
import io.stepvault.capture.ArtifactName;
import io.stepvault.server.http.Answer;
import io.stepvault.server.http.Body;
import io.stepvault.server.http.Call;
import io.stepvault.server.http.Problem;
import io.stepvault.server.http.Query;
import io.stepvault.server.thumbnail.Thumbnails;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoredStep;
import java.util.Map;

/** Answers with a step's screenshot made small. Safe for any thread. */
final class StepThumbnail {
    private final StepStore store;
    private final Thumbnails thumbnails;

    StepThumbnail(StepStore store, Thumbnails thumbnails) {
        this.store = store;
        this.thumbnails = thumbnails;
    }

    Answer show(Call call) {
        int width = Integer.parseInt(Query.of(call, "width").oneOf("width", "320", "160", "320", "640"));
        StoredStep step = Found.step(store, call);
        ArtifactInfo screenshot = step.record().artifacts().get(ArtifactName.SCREENSHOT);
        if (screenshot == null) {
            throw Problem.notFound("the step has no screenshot").asException();
        }
        if (screenshot.size() > Thumbnails.MAX_BYTES) {
            throw Thumbnails.notScalable();
        }
        Map<String, String> headers = Map.of(
                "Content-Type",
                "image/jpeg",
                "ETag",
                "\"" + screenshot.sha256() + "-" + width + "\"",
                "Cache-Control",
                Found.cacheControl(call));
        Answer known = new Answer(200, headers, new Body.Empty()).unlessKnown(call.headers());
        if (known.status() == 304) {
            return known;
        }
        byte[] jpeg = thumbnails.of(screenshot.sha256(), width, () -> step.read(ArtifactName.SCREENSHOT));
        return new Answer(200, headers, new Body.Bytes(jpeg, false));
    }
}
