package io.stepvault.bench.micro;

import io.stepvault.bench.SampleCapture;
import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Revision;
import io.stepvault.event.StepCapture;
import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.DecodeResult;
import io.stepvault.wire.SingleObjectCodec;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What is done with a capture's content: decoding it from a record, hashing it and naming its revision. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx512m")
@State(Scope.Benchmark)
public class CaptureBenchmark {
    private final StepCapture capture = SampleCapture.of(Instant.now());
    private final byte[] value = SingleObjectCodec.stepCaptures().encode(capture);
    private final CaptureDecoder decoder = CaptureDecoder.withoutRegistry();

    /** A record's value into a capture, checked. */
    @Benchmark
    public DecodeResult decode() {
        return decoder.decode(value);
    }

    /** SHA-256 of each artifact, the commit record, and the revision that follows from it. */
    @Benchmark
    public Revision hash() {
        CommitRecord record = CommitRecord.of(capture);
        return record.revision(record.toJson());
    }
}
