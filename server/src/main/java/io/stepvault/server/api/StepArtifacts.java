package io.stepvault.server.api;

import io.stepvault.capture.ArtifactInfo;
import io.stepvault.capture.ArtifactName;
import io.stepvault.server.artifact.Presentation;
import io.stepvault.server.artifact.RangeHeader;
import io.stepvault.server.http.Answer;
import io.stepvault.server.http.Body;
import io.stepvault.server.http.Call;
import io.stepvault.server.http.Problem;
import io.stepvault.server.http.Query;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoredStep;
import io.stepvault.storage.object.ByteRange;
import java.util.Map;
import java.util.Optional;

/** Answers with artifacts' bytes, whole or in part. Safe for any thread. */
final class StepArtifacts {
    private final StepStore store;

    StepArtifacts(StepStore store) {
        this.store = store;
    }

    Answer html(Call call) {
        return answer(call, ArtifactName.HTML);
    }

    Answer screenshot(Call call) {
        return answer(call, ArtifactName.SCREENSHOT);
    }

    Answer attachment(Call call) {
        return answer(call, ArtifactName.ofAttachment(Ids.attachment(call)));
    }

    private Answer answer(Call call, String name) {
        boolean download = Query.of(call, "download").flag("download");
        StoredStep step = Found.step(store, call);
        ArtifactInfo info = step.record().artifacts().get(name);
        if (info == null) {
            throw Problem.notFound("the step has no such artifact; the step lists those it has")
                    .asException();
        }
        Presentation shown = Presentation.of(step.record().stepId(), name, info.contentType(), download);
        String etag = "\"" + info.sha256() + "\"";
        Answer whole = new Answer(200, shown.headers(), new Body.Stream(info.size(), () -> step.open(name)))
                .with("ETag", etag)
                .with("Cache-Control", Found.cacheControl(call))
                .with("Accept-Ranges", "bytes")
                .unlessKnown(call.headers());
        return whole.status() == 200 ? part(whole, range(call, etag, info.size()), info.size(), step, name) : whole;
    }

    /** The range that is asked for, if it is of the artifact that the client has the rest of. */
    private static RangeHeader range(Call call, String etag, long size) {
        boolean wanted = !call.isHead()
                && call.headers().value("If-Range").map(etag::equals).orElse(true);
        return RangeHeader.parse(wanted ? call.headers().value("Range") : Optional.empty(), size);
    }

    private static Answer part(Answer whole, RangeHeader asked, long size, StoredStep step, String name) {
        if (asked instanceof RangeHeader.Part part) {
            ByteRange range = part.range();
            long last = range.offset() + range.length() - 1;
            Body body = new Body.Stream(range.length(), () -> step.open(name, range));
            return new Answer(206, whole.headers(), body)
                    .with("Content-Range", "bytes " + range.offset() + "-" + last + "/" + size);
        }
        if (asked instanceof RangeHeader.Beyond) {
            throw new Problem(
                            416,
                            "Range not satisfiable",
                            "the artifact has " + size + " bytes",
                            Optional.empty(),
                            Map.of("Content-Range", "bytes */" + size, "Accept-Ranges", "bytes"))
                    .asException();
        }
        return whole;
    }
}
