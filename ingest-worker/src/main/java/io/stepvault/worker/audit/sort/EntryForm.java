package io.stepvault.worker.audit.sort;

/**
 * How items are written as entries. Stateless; safe for any thread.
 *
 * @param <T> the items
 */
public interface EntryForm<T> {
    /** The item as an entry, by the key of which it is sorted. */
    Entry write(T item);

    /**
     * The item that was written.
     *
     * @throws IllegalArgumentException if this is none
     */
    T read(Entry entry);
}
