package io.stepvault.embedded;

import java.util.Set;
import java.util.stream.Collectors;

/** The threads that keep a JVM from ending. */
final class UserThreads {
    private UserThreads() {}

    static Set<Thread> live() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !thread.isDaemon())
                .collect(Collectors.toSet());
    }

    static Set<Thread> startedSince(Set<Thread> before) {
        Set<Thread> started = live();
        started.removeAll(before);
        // Awaitility asks from a thread of its own.
        started.remove(Thread.currentThread());
        return started;
    }
}
