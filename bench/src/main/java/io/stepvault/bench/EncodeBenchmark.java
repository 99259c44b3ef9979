package io.stepvault.bench;

import io.stepvault.event.StepCapture;
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

/** How long the publisher's own thread takes to serialize a capture of 180 KB. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@State(Scope.Benchmark)
public class EncodeBenchmark {
    private final SingleObjectCodec<StepCapture> codec = SingleObjectCodec.stepCaptures();
    private final StepCapture capture = SampleCapture.of(Instant.now());

    /** Avro's single-object encoding into an array of its exact size. */
    @Benchmark
    public byte[] encode() {
        return codec.encode(capture);
    }
}
