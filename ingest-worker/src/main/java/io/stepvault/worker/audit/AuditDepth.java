package io.stepvault.worker.audit;

/** How closely an audit looks at what is there. */
public enum AuditDepth {
    /** By what the store lists: that every object is there, with the size that it must have. */
    LISTING,
    /** Besides, {@code step.json} is read, and the checksums are asked for that the store keeps. */
    CHECKSUMS,
    /** Every byte is read and hashed. */
    CONTENT
}
