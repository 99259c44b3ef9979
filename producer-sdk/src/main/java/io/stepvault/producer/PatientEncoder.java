package io.stepvault.producer;

import io.stepvault.event.StepCapture;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Tries an encoder again until it encodes: an outage of the schema registry loses nothing. For the sending thread. */
final class PatientEncoder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PatientEncoder.class);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(30);
    private static final long FIRST_PAUSE_MS = 50;
    private static final long LONGEST_PAUSE_MS = 5_000;

    private final CaptureEncoder encoder;
    private final LogThrottle holdingLog;

    PatientEncoder(CaptureEncoder encoder, Clock clock) {
        this.encoder = encoder;
        this.holdingLog = new LogThrottle(clock, LOG_INTERVAL);
    }

    CaptureEncoder.Encoded.Value encode(StepCapture capture) throws InterruptedException {
        long pause = FIRST_PAUSE_MS;
        CaptureEncoder.Encoded encoded = encoder.encode(capture);
        while (encoded instanceof CaptureEncoder.Encoded.NotNow notNow) {
            hold(notNow);
            Thread.sleep(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
            encoded = encoder.encode(capture);
        }
        return (CaptureEncoder.Encoded.Value) encoded;
    }

    private void hold(CaptureEncoder.Encoded.NotNow notNow) {
        if (holdingLog.count() > 0) {
            log.atLevel(notNow.operatorMustAct() ? Level.ERROR : Level.WARN)
                    .addKeyValue("reason", notNow.why())
                    .log("Captures cannot be serialized; they wait in the queue, and it will be tried again");
        }
    }

    @Override
    public void close() {
        try {
            encoder.close();
        } catch (RuntimeException e) {
            log.atWarn().setCause(e).log("The serializer did not close cleanly");
        }
    }
}
