package io.stepvault.worker.audit.sort;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** An item for tests: sorted by its text, told apart by its number. */
record NumberedLine(String text, int number) {
    static final EntryForm<NumberedLine> FORM = new EntryForm<>() {
        @Override
        public Entry write(NumberedLine item) {
            return new Entry(
                    item.text().getBytes(StandardCharsets.UTF_8),
                    ByteBuffer.allocate(4).putInt(item.number()).array());
        }

        @Override
        public NumberedLine read(Entry entry) {
            return new NumberedLine(
                    new String(entry.key(), StandardCharsets.UTF_8),
                    ByteBuffer.wrap(entry.value()).getInt());
        }
    };
}
