package io.stepvault.bench.micro;

import io.stepvault.bench.SampleCapture;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.spool.BatchOrigin;
import io.stepvault.worker.spool.SpoolDisk;
import io.stepvault.worker.spool.SpooledBatch;
import io.stepvault.worker.spool.SpooledCapture;
import io.stepvault.worker.spool.file.FreeSpace;
import io.stepvault.worker.spool.file.SpoolContents;
import io.stepvault.worker.spool.file.SpoolDirectory;
import io.stepvault.worker.spool.file.SpoolFiles;
import io.stepvault.worker.spool.file.SpoolLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long it takes until a batch of ten captures is durable in the disk queue, and deleted again. Depends most on the
 * disk under the system's temporary directory: a write ends with an fsync.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx512m")
@State(Scope.Benchmark)
public class SpoolBenchmark {
    private static final int CAPTURES = 10;

    private final SpooledBatch batch = batch();

    @SuppressWarnings("NullAway.Init") // JMH calls open() before anything else
    private SpoolDirectory directory;

    @SuppressWarnings("NullAway.Init") // as above
    private SpoolFiles disk;

    /** Opens a disk queue in a new directory. */
    @Setup
    public void open() throws IOException {
        directory = SpoolDirectory.open(Files.createTempDirectory("stepvault-spool"));
        disk = new SpoolFiles(
                directory,
                SpoolContents.read(directory, Clock.systemUTC()),
                new SpoolLimits(1L << 30, 0, 1_000),
                FreeSpace.of(directory.queue()),
                Clock.systemUTC());
    }

    /** One batch in a file of its own. */
    @Benchmark
    public SpoolDisk.Written write() {
        SpoolDisk.Written written = disk.write(List.of(batch)).join();
        if (!(written instanceof SpoolDisk.Written.Durably durably)) {
            throw new IllegalStateException("the disk refused: " + written);
        }
        disk.delete(durably.entries().get(0).file()).join();
        return written;
    }

    /** Closes it. */
    @TearDown
    public void close() {
        disk.close();
        directory.close();
    }

    private static SpooledBatch batch() {
        byte[] value = SingleObjectCodec.stepCaptures().encode(SampleCapture.of(Instant.now()));
        return new SpooledBatch(
                new BatchOrigin("cluster", "topic-id", new TopicPartition("step-captures", 0)),
                "session-000042",
                LongStream.range(0, CAPTURES)
                        .mapToObj(offset -> new SpooledCapture(
                                List.of(offset), new SourceRecord(null, value.clone(), List.of(), 0)))
                        .toList());
    }
}
