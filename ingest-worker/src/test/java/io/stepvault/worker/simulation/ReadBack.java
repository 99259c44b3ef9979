package io.stepvault.worker.simulation;

import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.Revision;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.ObjectStepStore;
import io.stepvault.storage.PageRequest;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.StoredStep;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads back at the end what must be there, as a user would. Stateless. */
final class ReadBack {
    private ReadBack() {}

    static void check(ObjectStore objects, Oracle oracle, List<Source> expected) {
        try (StepStore reader = new ObjectStepStore(objects, "", StoreOptions.defaults())) {
            Map<String, Source> latest = new HashMap<>();
            for (Source source : expected) {
                latest.merge(
                        source.capture().getSessionId() + "/" + source.capture().getStepId(),
                        source,
                        (one, other) -> one.revision().compareTo(other.revision()) >= 0 ? one : other);
            }
            latest.values().forEach(source -> checkLatest(reader, source));
            expected.stream()
                    .filter(source -> !oracle.mayBeHalf(source))
                    .forEach(source -> checkStored(reader, source));
            for (String session : oracle.deletedSessions()) {
                if (!reader.steps(session, PageRequest.first(1)).items().isEmpty()) {
                    throw new Violation("11: " + session + " was deleted, and is found");
                }
            }
        }
    }

    /** 5, the latest capture wins. */
    private static void checkLatest(StepStore reader, Source source) {
        Revision revision = reader.load(
                        source.capture().getSessionId(), source.capture().getStepId())
                .orElseThrow(() -> new Violation("1: " + source + " cannot be read back"))
                .revision();
        if (!revision.equals(source.revision())) {
            throw new Violation("5: the latest of " + source + " is " + revision);
        }
    }

    /** 4, never half a step; 10, bytes in, bytes out. */
    private static void checkStored(StepStore reader, Source source) {
        StepCapture capture = source.capture();
        StoredStep step = reader.load(capture.getSessionId(), capture.getStepId(), source.revision())
                .orElseThrow(() -> new Violation("1: " + source + " cannot be read back"));
        ArtifactName.artifactsOf(capture).forEach((name, artifact) -> {
            try (InputStream in = step.open(name)) {
                if (!ByteBuffer.wrap(in.readAllBytes()).equals(artifact.getData())) {
                    throw new Violation("10: " + name + " of " + source + " is not what was published");
                }
            } catch (IOException | StoreException e) {
                throw new Violation("4: " + name + " of " + source + " cannot be read: " + e.getMessage());
            }
        });
    }
}
