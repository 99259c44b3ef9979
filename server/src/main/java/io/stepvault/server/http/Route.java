package io.stepvault.server.http;

/**
 * What is answered under a path.
 *
 * @param method {@code GET}, which stands for HEAD as well, or {@code POST}
 * @param template the path; a segment {@code {name}} stands for any one, a last segment {@code {name*}} for one or more
 * @param access who may ask
 * @param answering what answers
 */
public record Route(String method, String template, Access access, Answering answering) {
    /** Who may ask. */
    public enum Access {
        /** Anybody who reaches the server. */
        PUBLIC,
        /** Whoever has proven to know the token, if there is one. */
        PROTECTED
    }

    /** Answers calls. Safe for any thread; may block. */
    @FunctionalInterface
    public interface Answering {
        /**
         * Answers a call.
         *
         * @throws ProblemException for what is the client's to know
         */
        Answer answer(Call call);
    }

    /** Anybody may get this. */
    public static Route open(String template, Answering answering) {
        return new Route("GET", template, Access.PUBLIC, answering);
    }

    /** Those who are signed in may get this. */
    public static Route get(String template, Answering answering) {
        return new Route("GET", template, Access.PROTECTED, answering);
    }

    /** Anybody may post, without a body. */
    public static Route post(String template, Answering answering) {
        return new Route("POST", template, Access.PUBLIC, answering);
    }

    /** The methods that it takes, as {@code Allow} has them. */
    public String allow() {
        return method.equals("GET") ? "GET, HEAD" : method;
    }

    boolean takes(String asked) {
        return asked.equals(method) || (asked.equals("HEAD") && method.equals("GET"));
    }
}
