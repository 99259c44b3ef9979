package io.stepvault.worker.audit;

import io.stepvault.worker.audit.sort.Entry;
import io.stepvault.worker.audit.sort.EntryForm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Dead letters sorted by the place of their records. Stateless; safe for any thread. */
final class LetterForm implements EntryForm<KnownLetter> {
    static final LetterForm INSTANCE = new LetterForm();

    private LetterForm() {}

    @Override
    public Entry write(KnownLetter letter) {
        return new Entry(
                PlaceKey.of(letter.partition(), letter.offset()),
                letter.reason().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public KnownLetter read(Entry entry) {
        ByteBuffer key = ByteBuffer.wrap(entry.key());
        return new KnownLetter(key.getInt(), key.getLong(), new String(entry.value(), StandardCharsets.UTF_8));
    }
}
