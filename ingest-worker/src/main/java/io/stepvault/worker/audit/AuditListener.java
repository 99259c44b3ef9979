package io.stepvault.worker.audit;

/** Is told of an audit while it goes on, by the thread that runs it. */
public interface AuditListener {
    /** Something was found, other than what is stored and equal. There may be very many. */
    void found(Finding finding);

    /** So much has been compared. */
    void compared(long captures, long revisionsListed);

    /** So many of the captures that were missing have been looked for elsewhere. */
    void lookedFor(long captures, long of);
}
