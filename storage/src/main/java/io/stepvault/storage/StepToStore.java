package io.stepvault.storage;

import io.stepvault.event.StepCapture;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A capture that is to be stored, and where it came from. The capture's bytes are not copied: nobody may change them
 * until the outcome is known.
 *
 * @param provenance for information only, kept as object metadata where the store can (S3) and dropped where not (file
 *     system): names of lower-case letters, digits and dashes, values of printable ASCII, 1,024 characters in all
 */
public record StepToStore(StepCapture capture, Map<String, String> provenance) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]+");
    private static final Pattern VALUE = Pattern.compile("[ -~]*");
    private static final int MAX_CHARACTERS = 1_024;

    /** Checks the provenance: it becomes part of a request. */
    public StepToStore {
        provenance = Map.copyOf(provenance);
        int characters = 0;
        for (Map.Entry<String, String> entry : provenance.entrySet()) {
            if (!NAME.matcher(entry.getKey()).matches()
                    || !VALUE.matcher(entry.getValue()).matches()) {
                throw new IllegalArgumentException(
                        "provenance has names of a-z, 0-9 and dash, and values of printable ASCII");
            }
            characters += entry.getKey().length() + entry.getValue().length();
        }
        if (characters > MAX_CHARACTERS) {
            throw new IllegalArgumentException(
                    "provenance has " + characters + " characters; at most " + MAX_CHARACTERS + " are allowed");
        }
    }

    /** A capture of which nothing is told. */
    public StepToStore(StepCapture capture) {
        this(capture, Map.of());
    }
}
