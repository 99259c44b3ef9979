package io.stepvault.worker.deadletter;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.utils.Utils;

/** Text and numbers in the values of headers, and how much room headers take. Stateless; safe for any thread. */
final class HeaderText {
    /** Before the name and before the value Kafka writes their lengths, in at most so many bytes together. */
    private static final int MAX_LENGTHS = 10;

    private HeaderText() {}

    static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** A whole number as we write it, without sign or leading zeros; empty for anything else. */
    static Optional<Long> number(byte[] digits, int maxDigits) {
        if (digits.length < 1 || digits.length > maxDigits || (digits[0] == '0' && digits.length > 1)) {
            return Optional.empty();
        }
        long number = 0;
        for (byte digit : digits) {
            int value = digit - '0';
            if (value < 0 || value > 9 || number > (Long.MAX_VALUE - value) / 10) {
                return Optional.empty();
            }
            number = number * 10 + value;
        }
        return Optional.of(number);
    }

    /** At most how many bytes of a record a header takes. */
    static long room(Header header) {
        byte[] value = header.value();
        return (long) Utils.utf8Length(header.key()) + (value == null ? 0 : value.length) + MAX_LENGTHS;
    }

    /** At most how many bytes of a record these headers take. */
    static long room(Iterable<Header> headers) {
        long room = 0;
        for (Header header : headers) {
            room += room(header);
        }
        return room;
    }
}
