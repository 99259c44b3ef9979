package io.stepvault.server.api;

import io.stepvault.capture.ArtifactInfo;
import io.stepvault.capture.ArtifactName;
import io.stepvault.server.artifact.Presentation;
import io.stepvault.server.http.Answer;
import io.stepvault.server.http.Body;
import io.stepvault.server.http.Call;
import io.stepvault.server.http.Problem;
import io.stepvault.server.http.Query;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoredStep;

/** Answers with artifacts' bytes. Safe for any thread. */
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
            throw Problem.notFound("the step has no such artifact").asException();
        }
        Presentation shown = Presentation.of(step.record().stepId(), name, info.contentType(), download);
        Answer answer = new Answer(200, shown.headers(), new Body.Stream(info.size(), () -> step.open(name)));
        return answer.with("ETag", "\"" + info.sha256() + "\"").with("Cache-Control", Found.cacheControl(call));
    }
}
