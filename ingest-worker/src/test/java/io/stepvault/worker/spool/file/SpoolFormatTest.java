package io.stepvault.worker.spool.file;

import static io.stepvault.worker.spool.SpooledBatches.aBatch;
import static io.stepvault.worker.spool.SpooledBatches.aBatchOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.worker.spool.SpooledBatch;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files are Avro's, although the code is our own. */
class SpoolFormatTest {
    private static final FileName NAME = new FileName(1_700_000_000_000L, 12);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void anyAvroReaderReadsTheFiles() throws IOException {
        File file = write(aBatch("s1", 5, 6), aBatchOf(1_000_000, "s2", 7));

        try (DataFileReader<GenericRecord> avro = new DataFileReader<>(file, new GenericDatumReader<>())) {
            assertThat(avro.getMetaString("avro.codec")).isEqualTo("null");
            assertThat(avro.getMetaString("stepvault.spool.version")).isEqualTo("1");
            assertThat(avro.getMetaString("stepvault.spool.batches")).isEqualTo("0000000002");
            GenericRecord first = avro.next();
            assertThat(first.get("cluster_id")).hasToString("cluster-1");
            assertThat(first.get("topic")).hasToString("step-captures");
            assertThat(first.get("topic_id")).hasToString("topic-id-1");
            assertThat(first.get("partition")).isEqualTo(3);
            assertThat(first.get("session_id")).hasToString("s1");
            assertThat((List<?>) first.get("captures")).hasSize(2);
            assertThat(avro.getBlockCount()).isEqualTo(1);
            GenericRecord second = avro.next();
            assertThat(avro.getBlockCount()).isEqualTo(1);
            GenericRecord capture = (GenericRecord) ((List<?>) second.get("captures")).get(0);
            assertThat(capture.get("offsets")).isEqualTo(List.of(7L));
            assertThat(((ByteBuffer) capture.get("value")).remaining()).isEqualTo(1_000_000);
            assertThat(avro.hasNext()).isFalse();
        }
    }

    @Test
    void theChecksumIsThatOfAvrosOwnEncodingOfWhatFollowsIt() throws IOException {
        File file = write(aBatch("s1", 5, 6));

        try (DataFileReader<GenericRecord> avro = new DataFileReader<>(file, new GenericDatumReader<>())) {
            GenericRecord batch = avro.next();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
            new GenericDatumWriter<GenericRecord>(avro.getSchema()).write(batch, encoder);
            encoder.flush();
            CRC32C crc = new CRC32C();
            crc.update(bytes.toByteArray(), SpoolFormat.CRC_BYTES, bytes.size() - SpoolFormat.CRC_BYTES);

            byte[] stated = ((GenericData.Fixed) batch.get("crc32c")).bytes();
            assertThat(ByteBuffer.wrap(stated).getInt()).isEqualTo((int) crc.getValue());
        }
    }

    @Test
    void namesSortByAgeAndNothingElseIsAName() {
        assertThat(NAME).hasToString("1700000000000-000012.spool");
        assertThat(FileName.parse(NAME.toString())).contains(NAME);
        assertThat(FileName.parse("../1700000000000-000012.spool")).isEmpty();
        assertThat(FileName.parse("1700000000000-000012.spool.tmp")).isEmpty();
        assertThat(FileName.parse("99999999999999999999-000012.spool")).isEmpty();
        assertThat(new FileName(5, 1_000_000)).isGreaterThan(new FileName(5, 999_999));
        assertThat(FileName.isTemporary("1700000000000-000012.spool.tmp")).isTrue();
        assertThat(FileName.isTemporary("my.tmp")).isFalse();
    }

    private File write(SpooledBatch... batches) throws IOException {
        new QueueFiles(directory, directory, FileOpener.ofSystem())
                .write(
                        NAME,
                        List.of(batches).stream().map(BatchEncoder::measure).toList());
        Path file = directory.resolve(NAME.toString());
        return file.toFile();
    }
}
