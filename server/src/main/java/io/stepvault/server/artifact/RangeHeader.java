package io.stepvault.server.artifact;

import io.stepvault.storage.object.ByteRange;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a {@code Range} header field asks for, RFC 9110 section 14. */
public sealed interface RangeHeader {
    /** Everything: there is none, or it is one that a server may ignore, as several ranges at once. */
    record Whole() implements RangeHeader {}

    /** Some bytes, which lie within the content. */
    record Part(ByteRange range) implements RangeHeader {}

    /** Bytes that the content does not have. */
    record Beyond() implements RangeHeader {}

    /** One range in bytes. */
    Pattern ONE = Pattern.compile("bytes\\s*=\\s*([0-9]{0,18})\\s*-\\s*([0-9]{0,18})\\s*", Pattern.CASE_INSENSITIVE);

    /**
     * Reads the field.
     *
     * @param size of the content in bytes
     */
    static RangeHeader parse(Optional<String> field, long size) {
        Matcher parts = ONE.matcher(field.orElse(""));
        if (!parts.matches() || (parts.group(1).isEmpty() && parts.group(2).isEmpty())) {
            return new Whole();
        }
        long first;
        long last;
        if (parts.group(1).isEmpty()) {
            long suffix = Long.parseLong(parts.group(2));
            if (suffix == 0) {
                return new Beyond();
            }
            first = Math.max(0, size - suffix);
            last = size - 1;
        } else {
            first = Long.parseLong(parts.group(1));
            last = parts.group(2).isEmpty() ? size - 1 : Long.parseLong(parts.group(2));
            if (!parts.group(2).isEmpty() && last < first) {
                return new Whole();
            }
        }
        if (first >= size) {
            return new Beyond();
        }
        return new Part(new ByteRange(first, Math.min(last, size - 1) - first + 1));
    }
}
