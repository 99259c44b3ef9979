package io.stepvault.bench.micro;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepvault.bench.SampleCapture;
import io.stepvault.event.StepCapture;
import io.stepvault.worker.batch.BatchLimits;
import io.stepvault.worker.batch.SessionBatcher;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.SessionBatch;
import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.flow.TrackedCapture;
import io.stepvault.worker.flow.TrackedOffset;
import io.stepvault.worker.metrics.WorkerMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What is done for each record whatever is in it: tracking its offset, and gathering captures by session. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx512m")
@State(Scope.Thread)
public class PipelineBenchmark {
    private static final int SESSIONS = 120;
    private static final int IN_FLIGHT = 256;
    private static final int BYTES = 2_000;

    private final Assignment tracked = new Assignment(new TopicPartition("step-captures", 0), "topic-id");
    private final Deque<TrackedOffset> inFlight = new ArrayDeque<>();
    private long nextTracked;

    private final Assignment batched = new Assignment(new TopicPartition("step-captures", 1), "topic-id");
    private final List<StepCapture> captures = captures();
    private final SourceRecord record = new SourceRecord(null, new byte[BYTES], List.of(), 0);
    private final SessionBatcher batcher = new SessionBatcher(
            new BatchLimits(Duration.ofSeconds(5), 8 << 20, 100, 1 << 20),
            Clock.systemUTC(),
            PipelineBenchmark::settle,
            new WorkerMetrics(new SimpleMeterRegistry()));
    private long nextBatched;

    /** One record delivered and an earlier one settled, in another order than they came, with 256 in flight. */
    @Benchmark
    public OptionalLong track() {
        TrackedOffset delivered = tracked.deliver(nextTracked++).orElseThrow();
        // Every other one waits at the other end.
        if (nextTracked % 2 == 0) {
            inFlight.addFirst(delivered);
        } else {
            inFlight.addLast(delivered);
        }
        if (inFlight.size() > IN_FLIGHT) {
            inFlight.removeFirst().done();
            if (nextTracked % IN_FLIGHT == 0) {
                // The oldest must go, too, or what is settled would pile up behind it.
                inFlight.forEach(TrackedOffset::done);
                inFlight.clear();
            }
        }
        return tracked.committable();
    }

    /** One capture gathered, in turn for each of 120 sessions; batches are of 100 and settled at once. */
    @Benchmark
    public void batch() {
        long offset = nextBatched++;
        batcher.accept(new TrackedCapture(
                captures.get((int) (offset % SESSIONS)),
                record,
                List.of(batched.deliver(offset).orElseThrow()),
                BYTES));
    }

    private static void settle(SessionBatch batch) {
        batch.offsets().forEach(TrackedOffset::done);
    }

    private static List<StepCapture> captures() {
        StepCapture sample = SampleCapture.small(Instant.now());
        return IntStream.range(0, SESSIONS)
                .mapToObj(session -> StepCapture.newBuilder(sample)
                        .setSessionId("session-" + session)
                        .build())
                .toList();
    }
}
