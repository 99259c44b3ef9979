package io.stepvault.server.http;

/** What answers all calls. Safe for any thread; may block. Throws nothing. */
public interface Service {
    /** Answers a call. */
    Answer answer(Call call);

    /** What to answer if the body of an answer could not be opened. */
    Answer failed(Call call, RuntimeException failure);
}
