package io.stepvault.bench.drain.lean;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.hc.core5.http.ContentType;

class PutsTest {
    @Property
    void noByteIsLostOrAddedBySplitting(@ForAll byte[] capture) throws IOException {
        List<Puts.Body> bodies = Puts.PER_ARTIFACT.cut(List.of(capture));

        assertThat(bodies).hasSize(3);
        assertThat(written(bodies.subList(0, 2))).isEqualTo(capture);
        assertThat(bodies.get(2).bytes()).isEqualTo(Puts.RECORD_BYTES);
    }

    @Property
    void aBatchIsItsCapturesOneAfterTheOther(@ForAll @Size(min = 1, max = 10) List<byte[]> captures)
            throws IOException {
        List<Puts.Body> bodies = Puts.PER_BATCH.cut(captures);

        ByteArrayOutputStream all = new ByteArrayOutputStream();
        captures.forEach(all::writeBytes);
        assertThat(bodies).hasSize(1);
        assertThat(written(bodies)).isEqualTo(all.toByteArray());
        assertThat(bodies.get(0).bytes()).isEqualTo(all.size());
    }

    @Example
    void aCaptureOf180KilobytesIsCutLikeThoseOfTheDataSet() {
        List<Puts.Body> bodies = Puts.PER_ARTIFACT.cut(List.of(new byte[180_000]));

        assertThat(bodies).extracting(Puts.Body::bytes).containsExactly(100_000L, 80_000L, 600L);
        assertThat(bodies).extracting(Puts.Body::name).doesNotHaveDuplicates();
    }

    private static byte[] written(List<Puts.Body> bodies) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Puts.Body body : bodies) {
            new PiecesEntity(body, ContentType.APPLICATION_OCTET_STREAM).writeTo(out);
        }
        return out.toByteArray();
    }
}
