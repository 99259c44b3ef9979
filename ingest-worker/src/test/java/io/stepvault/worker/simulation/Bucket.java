package io.stepvault.worker.simulation;

import io.stepvault.capture.CommitRecord;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What lies in the store, watched object by object. The numbers are those of the invariants. */
final class Bucket {
    private final Trace trace;
    private final Map<String, byte[]> objects = new HashMap<>();
    private final Map<String, byte[]> everWritten = new HashMap<>();
    private final Set<String> readable = new HashSet<>();
    private final Set<String> everReadable = new HashSet<>();
    private final Set<String> thinned = new HashSet<>();

    Bucket(Trace trace) {
        this.trace = trace;
    }

    /** Every object before it is written: 2, write once, and 4, never half a step. */
    void written(String key, byte[] bytes) {
        if (!key.startsWith("sessions/")) {
            return;
        }
        objects.put(key, bytes);
        byte[] before = everWritten.put(key, bytes);
        if (before != null && !Arrays.equals(before, bytes)) {
            throw new Violation("2: " + key + " is overwritten with other content");
        }
        if (key.endsWith("/step.json")) {
            committed(key.substring(0, key.length() - "step.json".length()), bytes);
        }
    }

    private void committed(String prefix, byte[] json) {
        CommitRecord record = CommitRecord.parse(json);
        Set<String> there = objects.entrySet().stream()
                .filter(object -> object.getKey().startsWith(prefix))
                .map(object -> sha256(object.getValue()))
                .collect(Collectors.toSet());
        record.artifacts().forEach((name, info) -> {
            if (!there.contains(info.sha256()) && !thinned.contains(prefix)) {
                throw new Violation("4: " + prefix + "step.json is there before " + name);
            }
        });
        String id = Source.id(
                record.sessionId(), record.stepId(), record.revision(json).toString());
        if (readable.add(id)) {
            everReadable.add(id);
            trace.add("readable: " + id);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** An object is removed. */
    void gone(String key) {
        objects.remove(key);
        if (key.startsWith("sessions/")) {
            String prefix = key.substring(0, key.indexOf('/', key.indexOf("Z-")) + 1);
            thinned.add(prefix);
            if (key.endsWith("/step.json")) {
                String[] parts = key.split("/", -1);
                if (readable.remove(Source.id(parts[1], parts[3], parts[4]))) {
                    trace.add("not readable any more: " + Source.id(parts[1], parts[3], parts[4]));
                }
            }
        }
    }

    /** Whether a capture can be read now. */
    boolean has(Source source) {
        return readable.contains(source.id());
    }

    /** Whether a capture could ever be read. */
    boolean everHad(String id) {
        return everReadable.contains(id);
    }

    /** Whether anything of a revision was ever removed. */
    boolean wasThinned(Source source) {
        return thinned.contains("sessions/" + source.capture().getSessionId() + "/steps/"
                + source.capture().getStepId() + "/" + source.revision() + "/");
    }

    /** An object of a session, if there is one. */
    Optional<String> anyOf(String session) {
        return objects.keySet().stream()
                .filter(key -> key.startsWith("sessions/" + session + "/"))
                .findFirst();
    }
}
