package io.stepvault.worker.deadletter;

import io.stepvault.wire.ChunkFormat;
import io.stepvault.worker.flow.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * What we write of a dead letter in the headers of its record. They follow the record's own headers in one block that
 * begins with {@code stepvault-reason}: the last header of that name in the record. So whatever a hostile record calls
 * its own headers, they stand before the block, pass for nothing of ours and come back unchanged. Immutable; safe for
 * any thread.
 *
 * @param reason why it is one: a code
 * @param detail one sentence for a person
 * @param source the record that it is a copy of
 * @param attempts how often it went through the pipeline, this time included
 * @param omitted what of the record did not fit
 */
public record LetterHeaders(String reason, String detail, LetterSource source, Attempts attempts, Omission omitted) {
    static final String REASON = "stepvault-reason";
    static final String DETAIL = "stepvault-detail";
    static final String SOURCE_TOPIC = "stepvault-source-topic";
    static final String SOURCE_TOPIC_ID = "stepvault-source-topic-id";
    static final String PARTITION = "stepvault-partition";
    static final String OFFSET = "stepvault-offset";
    static final String TIMESTAMP = "stepvault-timestamp";
    static final String OMITTED_HEADERS = "stepvault-omitted-headers";
    static final String OMITTED_KEY_BYTES = "stepvault-omitted-key-bytes";

    /** The longest detail, in characters; a longer one is cut. */
    static final int MAX_DETAIL = 1_000;

    private static final String NO_TIMESTAMP = "-1";
    private static final String CUT = "...";
    private static final int MAX_DIGITS = 19;

    /**
     * What of a record did not fit into a dead letter.
     *
     * @param headers how many of its headers
     * @param keyBytes the length of its key, if that did not fit; else 0
     */
    public record Omission(int headers, int keyBytes) {
        static final Omission NOTHING = new Omission(0, 0);

        /** Whether nothing is missing. */
        public boolean isEmpty() {
            return headers == 0 && keyBytes == 0;
        }
    }

    static LetterHeaders of(DeadLetter letter, Omission omitted) {
        return new LetterHeaders(
                letter.rejection().reason().code(),
                cut(letter.rejection().detail()),
                new LetterSource(
                        letter.source().topic(),
                        new LetterSource.Id(letter.topicId(), letter.source().partition(), letter.offset()),
                        letter.record().timestamp()),
                Attempts.of(letter.record().headers()).plusOne(),
                omitted);
    }

    /** The headers of a record that were its own before it became a dead letter. */
    static List<Header> own(Iterable<Header> headers) {
        List<Header> all = list(headers);
        return all.subList(0, Math.max(0, start(all)));
    }

    /** Reads the headers of a record; empty if it is no dead letter, or none that this version can read. */
    static Optional<LetterHeaders> parse(Iterable<Header> headers) {
        Block block = new Block(headers);
        try {
            return Optional.of(new LetterHeaders(
                    block.repeatedText(REASON),
                    block.repeatedText(DETAIL),
                    new LetterSource(
                            block.repeatedText(SOURCE_TOPIC),
                            new LetterSource.Id(
                                    block.repeatedText(SOURCE_TOPIC_ID),
                                    Math.toIntExact(block.number(PARTITION)),
                                    block.number(OFFSET)),
                            block.text(TIMESTAMP).equals(NO_TIMESTAMP) ? -1 : block.number(TIMESTAMP)),
                    Attempts.of(block.headers),
                    new Omission(
                            Math.toIntExact(block.number(OMITTED_HEADERS, 0)),
                            Math.toIntExact(block.number(OMITTED_KEY_BYTES, 0)))));
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** Where a record says which chunk of a dead letter it is; only to be asked of a dead letter's record. */
    static ChunkFormat.Lookup chunk(Iterable<Header> headers) {
        return new Block(headers).values::get;
    }

    /** The block; what says which chunk it is may follow. */
    List<Header> write() {
        List<Header> block = new ArrayList<>();
        block.add(HeaderText.header(REASON, reason));
        block.add(HeaderText.header(DETAIL, detail));
        block.add(HeaderText.header(SOURCE_TOPIC, source.topic()));
        block.add(HeaderText.header(SOURCE_TOPIC_ID, source.id().topicId()));
        block.add(HeaderText.header(PARTITION, Integer.toString(source.id().partition())));
        block.add(HeaderText.header(OFFSET, Long.toString(source.id().offset())));
        block.add(HeaderText.header(
                TIMESTAMP, source.timestamp() < 0 ? NO_TIMESTAMP : Long.toString(source.timestamp())));
        block.addAll(attempts.headers());
        if (omitted.headers() > 0) {
            block.add(HeaderText.header(OMITTED_HEADERS, Integer.toString(omitted.headers())));
        }
        if (omitted.keyBytes() > 0) {
            block.add(HeaderText.header(OMITTED_KEY_BYTES, Integer.toString(omitted.keyBytes())));
        }
        return block;
    }

    private static String cut(String detail) {
        if (detail.length() <= MAX_DETAIL) {
            return detail;
        }
        int end = MAX_DETAIL - CUT.length();
        // Not between the halves of a character.
        return detail.substring(0, Character.isHighSurrogate(detail.charAt(end - 1)) ? end - 1 : end) + CUT;
    }

    private static int start(List<Header> headers) {
        for (int i = headers.size() - 1; i >= 0; i--) {
            if (headers.get(i).key().equals(REASON)) {
                return i;
            }
        }
        return -1;
    }

    private static List<Header> list(Iterable<Header> headers) {
        List<Header> list = new ArrayList<>();
        headers.forEach(list::add);
        return list;
    }

    private static final class Block {
        private final List<Header> headers;
        private final Map<String, byte[]> values = new HashMap<>();

        Block(Iterable<Header> record) {
            List<Header> all = list(record);
            int start = start(all);
            this.headers = start < 0 ? List.of() : all.subList(start, all.size());
            for (Header header : headers) {
                if (header.value() != null) {
                    values.putIfAbsent(header.key(), header.value()); // what follows under our names is not ours
                }
            }
        }

        String text(String name) {
            return new String(value(name), StandardCharsets.UTF_8);
        }

        /** The same in a million letters, so it is kept once. */
        String repeatedText(String name) {
            return text(name).intern();
        }

        long number(String name) {
            return HeaderText.number(value(name), MAX_DIGITS)
                    .orElseThrow(() -> new IllegalArgumentException(name + " is no number"));
        }

        long number(String name, long ifMissing) {
            return values.containsKey(name) ? number(name) : ifMissing;
        }

        private byte[] value(String name) {
            byte[] value = values.get(name);
            if (value == null) {
                throw new IllegalArgumentException(name + " is missing");
            }
            return value;
        }
    }

    /** Headers that say which chunk a record is. */
    static List<Header> chunkHeaders(Map<String, byte[]> written) {
        List<Header> headers = new ArrayList<>();
        written.forEach((name, value) -> headers.add(new RecordHeader(name, value)));
        return headers;
    }
}
