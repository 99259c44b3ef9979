package io.stepvault.devkit.chaos;

import io.stepvault.embedded.front.S3Fault;
import java.time.Duration;

/** Something bad that happens to a part of the system, and for how long. Immutable; safe for any thread. */
sealed interface Trouble {
    /** How long it lasts. */
    Duration lasts();

    /** For a line of the log. */
    String text();

    /** Happens to a worker's process. */
    sealed interface OfWorker extends Trouble {
        int worker();
    }

    /** Happens to brokers. */
    sealed interface OfBrokers extends Trouble {}

    /** SIGKILL; after a while it is started again on the same directory. */
    record Kill(int worker, Duration lasts) implements OfWorker {
        @Override
        public String text() {
            return "worker " + worker + " killed";
        }
    }

    /** SIGSTOP, longer than the group waits for a member, then SIGCONT. */
    record Stall(int worker, Duration lasts) implements OfWorker {
        @Override
        public String text() {
            return "worker " + worker + " stalled for " + lasts.toMillis() + " ms";
        }
    }

    /** SIGTERM; once it has ended, it is started again on the same directory after a while. */
    record Terminate(int worker, Duration lasts) implements OfWorker {
        @Override
        public String text() {
            return "worker " + worker + " terminated";
        }
    }

    /** Requests to the store go wrong. */
    record StoreFault(S3Fault fault, double share, Duration lasts) implements Trouble {
        @Override
        public String text() {
            return "store: " + fault.label() + " for " + Math.round(share * 100) + " % of the requests, "
                    + lasts.toMillis() + " ms";
        }

        /** Whether nothing can be stored meanwhile. */
        boolean isOutage() {
            return share >= 1 && !(fault instanceof S3Fault.Latency) && !(fault instanceof S3Fault.Bandwidth);
        }
    }

    /** One broker is stopped and started again. */
    record StopBroker(int broker, Duration lasts) implements OfBrokers {
        @Override
        public String text() {
            return "broker " + broker + " stopped for " + lasts.toMillis() + " ms";
        }
    }

    /** All brokers are stopped and started again. */
    record StopAllBrokers(Duration lasts) implements OfBrokers {
        @Override
        public String text() {
            return "all brokers stopped for " + lasts.toMillis() + " ms";
        }
    }
}
