package io.stepvault.worker.simulation;

/** What may go wrong, and go well again. */
enum Fault {
    STORE_DOWN(100),
    STORE_THROTTLES(60),
    STORE_SLOW(60),
    STORE_FORBIDDEN(40),
    BUCKET_MISSING(40),
    STORE_WELL(100),
    ANSWERS_LOST(100),
    DISK_FULL(60),
    WRITE_TORN(60),
    SYNC_FAILS(60),
    DISK_WELL(100),
    DISK_DAMAGED(25),
    CHUNK_DISK_FAILS(40),
    CRASH(60),
    POWER_CUT(60),
    START(100),
    LEAVE(50),
    STALL(50),
    CUT_OFF(50),
    BROKERS_AWAY(40),
    BROKERS_BACK(100),
    COMMITS_TROUBLED(100),
    PRODUCER_DIES(60),
    RETENTION(50),
    TOPIC_CREATED_AGAIN(10),
    OFFSETS_RESET(100),
    METADATA_CORRUPTED(60),
    SESSION_DELETED(30),
    STEPS_EXPIRED(30),
    REVISIONS_THINNED_OUT(30),
    STORE_CLEANED(40),
    DAYS_PASS(25),
    REGISTRY_DOWN(60),
    REGISTRY_UP(100);

    /** How often it happens of a hundred times that it comes up. */
    final int percent;

    Fault(int percent) {
        this.percent = percent;
    }
}
