package io.stepvault.storage;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a store holds, as far as can be told by listing no more than its day markers.
 *
 * @param policy the store's policy, if it has one
 * @param firstDay the first UTC day of capture that is listed
 * @param lastDay the last one
 * @param days how many days are listed
 * @param listed how many entries they have: a session counts on each of its days
 * @param expired how many of them would expire by the policy, but for holds
 * @param deletedSessions how many sessions have been deleted for good
 * @param removals how many removals are going on, or have died
 * @param uploads how many uploads have been begun and not finished; empty if whoever asks has no right to see them
 * @param firstUpload when the first of these was begun
 */
public record LifecycleState(
        Optional<LifecyclePolicy> policy,
        Optional<LocalDate> firstDay,
        Optional<LocalDate> lastDay,
        long days,
        long listed,
        long expired,
        long deletedSessions,
        long removals,
        OptionalLong uploads,
        Optional<Instant> firstUpload) {}
