package io.stepvault.bench.stub;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** What all connections share: how the stub behaves, and what it has counted. Safe for any thread. */
final class StubStore {
    private static final int MISTAKES_DESCRIBED = 20;

    private final Optional<SignatureCheck> signatures;
    private final LongAdder puts = new LongAdder();
    private final LongAdder others = new LongAdder();
    private final LongAdder payloadBytes = new LongAdder();
    private final LongAdder checked = new LongAdder();
    private final LongAdder mistakes = new LongAdder();
    private final List<String> described = new CopyOnWriteArrayList<>();
    private volatile Duration latency = Duration.ZERO;

    /** @param signatures checks every request, whose payloads are checked as well; empty to believe everything */
    StubStore(Optional<SignatureCheck> signatures) {
        this.signatures = signatures;
    }

    Optional<SignatureCheck> signatures() {
        return signatures;
    }

    /** How long every answer waits from now on, once its request has been read. */
    void setLatency(Duration duration) {
        latency = duration;
    }

    Duration latency() {
        return latency;
    }

    void count(RequestHead request, boolean isChecked) {
        if (request.method().equals("PUT")) {
            puts.increment();
            payloadBytes.add(request.payloadLength());
            if (isChecked) {
                checked.increment();
            }
        } else {
            others.increment();
        }
    }

    void countMistake(RequestHead request, String what) {
        mistakes.increment();
        if (described.size() < MISTAKES_DESCRIBED) {
            described.add(request.method() + " " + request.path() + ": " + what);
        }
    }

    StubCounts counts() {
        return new StubCounts(puts.sum(), others.sum(), payloadBytes.sum(), checked.sum(), mistakes.sum());
    }

    /** The first few mistakes, one line each. */
    List<String> mistakes() {
        return List.copyOf(described);
    }
}
