package io.stepvault.worker.flow;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Large arrays that are kept and used again, in which records wait side by side until they are stored. A record waits for
 * longer than a young generation lasts; in an array of its own it would become old, and only a full collection, two or
 * three a second under full load, would take it away (docs/performance.md).
 *
 * <p>A slab is free again when all its slices are given back. Slices that nobody gives back cost nothing but their slab,
 * which is the collector's then, and is made anew: so only who is sure that nobody reads a slice any more gives it back.
 *
 * <p>Only the pipeline's thread may call it; what is in a slice may be read by any thread that was handed it.
 */
public final class SlabPool {
    private static final int SLAB_BYTES = 2 << 20;

    /** What is larger would leave too much of a slab empty. */
    private static final int SLICES_AT_LEAST = 4;

    private final int slabBytes;
    private final int maxSlabs;
    private final Consumer<byte[]> whenFree;
    // Those that nobody has a slice of any more, and that were not given back, are gone from here too.
    private final List<WeakReference<Slab>> slabs = new ArrayList<>();
    private final Deque<Slab> free = new ArrayDeque<>();
    private @Nullable Slab filling;

    /**
     * A pool of slabs of {@code slabBytes} each, made when needed.
     *
     * @param whenFree is given each slab's array when nobody reads it any more
     */
    public SlabPool(int slabBytes, int maxSlabs, Consumer<byte[]> whenFree) {
        if (slabBytes < 1 || maxSlabs < 0) {
            throw new IllegalArgumentException(
                    "a pool of " + maxSlabs + " slabs of " + slabBytes + " bytes; expected at least 0 of at least 1");
        }
        this.slabBytes = slabBytes;
        this.maxSlabs = maxSlabs;
        this.whenFree = whenFree;
    }

    /** A pool that holds {@code bytes} in about as much memory, some of it lost at the slabs' ends. */
    public static SlabPool of(long bytes) {
        return new SlabPool(SLAB_BYTES, (int) Math.min(bytes / SLAB_BYTES + 1, Integer.MAX_VALUE), slab -> {});
    }

    /** A pool that keeps nothing. */
    public static SlabPool none() {
        return new SlabPool(1, 0, slab -> {});
    }

    /** A copy of {@code bytes} in a slab; null if they are too large, or no slab is free. */
    public @Nullable Slice copy(byte[] bytes) {
        if (bytes.length > slabBytes / SLICES_AT_LEAST) {
            return null;
        }
        Slab slab = withRoomFor(bytes.length);
        return slab == null ? null : slab.take(bytes);
    }

    /** The bytes of all slabs that are in use or free. */
    long bytes() {
        return (long) slabs.size() * slabBytes;
    }

    private @Nullable Slab withRoomFor(int length) {
        if (filling == null || filling.used + length > slabBytes) {
            filling = null; // what is full belongs to its slices
            filling = free.isEmpty() ? made() : free.removeFirst();
        }
        return filling;
    }

    private @Nullable Slab made() {
        if (slabs.size() >= maxSlabs) {
            slabs.removeIf(slab -> slab.refersTo(null));
        }
        if (slabs.size() >= maxSlabs) {
            return null;
        }
        Slab slab = new Slab();
        slabs.add(new WeakReference<>(slab));
        return slab;
    }

    private final class Slab {
        private final byte[] array = new byte[slabBytes];
        private int used;
        private int slices;

        Slice take(byte[] bytes) {
            System.arraycopy(bytes, 0, array, used, bytes.length);
            Slice slice = new Slice(this, used, bytes.length);
            used += bytes.length;
            slices++;
            return slice;
        }

        void giveBack() {
            slices--;
            if (slices == 0) {
                used = 0;
                whenFree.accept(array);
                if (filling != this) {
                    free.addFirst(this);
                }
            }
        }
    }

    /** A part of a slab. */
    public static final class Slice {
        private @Nullable Slab slab;
        private final byte[] array;
        private final int offset;
        private final int length;

        private Slice(Slab slab, int offset, int length) {
            this.slab = slab;
            this.array = slab.array;
            this.offset = offset;
            this.length = length;
        }

        /** What it lies in, among others. */
        public byte[] array() {
            return array;
        }

        /** Where it begins in {@link #array}. */
        public int offset() {
            return offset;
        }

        /** Its length in bytes. */
        public int length() {
            return length;
        }

        /** Whether it was given back, and may be something else by now. */
        public boolean isGivenBack() {
            return slab == null;
        }

        /** Lets the memory be used again. Nobody may read it from now on. More than once does no harm. */
        public void giveBack() {
            if (slab != null) {
                slab.giveBack();
                slab = null;
            }
        }
    }
}
