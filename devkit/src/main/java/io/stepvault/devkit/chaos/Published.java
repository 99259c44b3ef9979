package io.stepvault.devkit.chaos;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What a load has published so far, and what became of it on the way to the brokers. Safe for any thread. */
final class Published {
    private final Map<Long, Times> captures = new ConcurrentHashMap<>();
    private final Map<String, Times> poison = new ConcurrentHashMap<>();
    private final AtomicLong repeats = new AtomicLong();

    /**
     * How often something was published.
     *
     * @param acknowledged the brokers have it so often for certain
     * @param uncertain and perhaps so many times more: they said no, or nothing
     */
    record Times(int acknowledged, int uncertain) {
        static final Times ONCE = new Times(1, 0);
        static final Times PERHAPS = new Times(0, 1);

        Times plus(Times other) {
            return new Times(acknowledged + other.acknowledged, uncertain + other.uncertain);
        }

        int most() {
            return acknowledged + uncertain;
        }
    }

    void capture(long number, Times times) {
        captures.merge(number, times, Times::plus);
    }

    void poison(String text, Times times) {
        poison.merge(text, times, Times::plus);
    }

    void repeat() {
        repeats.incrementAndGet();
    }

    /** By number, as {@link CaptureSource} makes them. */
    Map<Long, Times> captures() {
        return captures;
    }

    /** By their text. */
    Map<String, Times> poison() {
        return poison;
    }

    /** How many of the publications were of a capture that had been published before. */
    long repeats() {
        return repeats.get();
    }
}
