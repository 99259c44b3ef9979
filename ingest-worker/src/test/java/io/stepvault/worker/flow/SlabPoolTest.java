package io.stepvault.worker.flow;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SlabPoolTest {
    private static final byte FREED = (byte) 0xDB;

    private final List<byte[]> freed = new ArrayList<>();

    private SlabPool pool(int slabBytes, int slabs) {
        return new SlabPool(slabBytes, slabs, array -> {
            freed.add(array);
            Arrays.fill(array, FREED);
        });
    }

    @Test
    void copiesLieSideBySideInASlab() {
        SlabPool pool = pool(40, 1);

        SlabPool.Slice one = copy(pool, "one");
        SlabPool.Slice other = copy(pool, "other");

        assertThat(one.array()).isSameAs(other.array());
        assertThat(text(one)).isEqualTo("one");
        assertThat(text(other)).isEqualTo("other");
        assertThat(pool.bytes()).isEqualTo(40);
    }

    @Test
    void slabIsUsedAgainOnceAllOfItIsGivenBack() {
        SlabPool pool = pool(40, 1);
        List<SlabPool.Slice> slices = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            slices.add(copy(pool, "ten bytes."));
        }

        slices.subList(1, 4).forEach(SlabPool.Slice::giveBack);
        assertThat(freed).isEmpty();
        assertThat(pool.copy(new byte[1])).as("no slab has room").isNull();
        assertThat(text(slices.get(0))).isEqualTo("ten bytes.");

        slices.get(0).giveBack();
        assertThat(freed).hasSize(1);
        assertThat(copy(pool, "again").array()).isSameAs(slices.get(0).array());
        assertThat(pool.bytes()).isEqualTo(40);
    }

    @Test
    void givingBackTwiceFreesNothingOfOthers() {
        SlabPool pool = pool(40, 1);
        SlabPool.Slice one = copy(pool, "one");
        one.giveBack();
        SlabPool.Slice other = copy(pool, "other");

        one.giveBack();

        assertThat(one.isGivenBack()).isTrue();
        assertThat(other.isGivenBack()).isFalse();
        assertThat(text(other)).isEqualTo("other");
    }

    @Test
    void whatWouldFillMoreThanAQuarterOfASlabStaysWhereItIs() {
        SlabPool pool = pool(40, 1);

        assertThat(pool.copy(new byte[11])).isNull();
        assertThat(pool.copy(new byte[10])).isNotNull();
        assertThat(pool.copy(new byte[0])).isNotNull();
    }

    @Test
    void poolOfNothingKeepsNothing() {
        assertThat(SlabPool.none().copy(new byte[0])).isNull();
        assertThat(SlabPool.none().copy(new byte[1])).isNull();
        assertThatThrownBy(() -> new SlabPool(0, 1, slab -> {})).hasMessageContaining("at least 1");
    }

    @Test
    void slabOfWhichEverythingWasForgottenIsMadeAnew() {
        SlabPool pool = pool(40, 1);
        WeakReference<byte[]> forgotten = forget(pool);

        Awaitility.await().until(() -> {
            System.gc();
            return forgotten.refersTo(null);
        });

        assertThat(text(copy(pool, "ten bytes."))).isEqualTo("ten bytes.");
        assertThat(freed).as("nobody gave the first slab back").isEmpty();
    }

    /** Fills the only slab, and lets go of it; the next copy needs another, so that the pool lets go of it too. */
    private static WeakReference<byte[]> forget(SlabPool pool) {
        List<SlabPool.Slice> slices = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            slices.add(copy(pool, "forgotten."));
        }
        assertThat(pool.copy(new byte[10])).isNull();
        return new WeakReference<>(slices.get(0).array());
    }

    /** An even step copies half as many bytes; an odd one gives one slice back. */
    @Property
    void noSliceEverShowsAnythingButItsOwnBytes(
            @ForAll @IntRange(min = 1, max = 5) int slabs,
            @ForAll @Size(max = 300) List<@IntRange(min = 0, max = 40) Integer> steps) {
        record Held(SlabPool.Slice slice, byte fill) {
            boolean isWhole() {
                byte[] expected = new byte[slice.length()];
                Arrays.fill(expected, fill);
                return Arrays.equals(bytes(slice), expected);
            }
        }
        SlabPool pool = pool(64, slabs);
        Deque<Held> held = new ArrayDeque<>();
        byte fill = 0;
        for (int step : steps) {
            if (step % 2 == 0) {
                byte[] bytes = new byte[step / 2];
                Arrays.fill(bytes, ++fill);
                SlabPool.Slice slice = pool.copy(bytes);
                if (slice != null) {
                    held.addLast(new Held(slice, fill));
                }
            } else if (!held.isEmpty()) {
                // From either end, so that slabs become free in another order than that in which they were filled.
                (step % 4 == 1 ? held.removeFirst() : held.removeLast()).slice().giveBack();
            }
            assertThat(held).allMatch(Held::isWhole);
            assertThat(pool.bytes()).isLessThanOrEqualTo(64L * slabs);
        }
        held.forEach(each -> each.slice().giveBack());
        for (int i = 0; i < 4 * slabs; i++) {
            assertThat(pool.copy(new byte[16])).as("all slabs are free again").isNotNull();
        }
    }

    private static SlabPool.Slice copy(SlabPool pool, String text) {
        return Objects.requireNonNull(pool.copy(text.getBytes(US_ASCII)));
    }

    private static String text(SlabPool.Slice slice) {
        return new String(bytes(slice), US_ASCII);
    }

    private static byte[] bytes(SlabPool.Slice slice) {
        byte[] bytes = new byte[slice.length()];
        ByteBuffer.wrap(slice.array(), slice.offset(), slice.length()).get(bytes);
        return bytes;
    }
}
