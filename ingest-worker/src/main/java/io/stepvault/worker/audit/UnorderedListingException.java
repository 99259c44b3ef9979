package io.stepvault.worker.audit;

/** A store does not list in the order of keys, as S3's directory buckets do not: nothing can be told of what is missing. */
public final class UnorderedListingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnorderedListingException(RevisionName first, RevisionName second) {
        super(
                "the store lists " + second + " after " + first
                        + ", which is not the order of their keys; captures cannot"
                        + " be matched with such a listing: use a store that lists in order, as S3's general purpose buckets do");
    }
}
