package io.stepvault.producer.completion;

/**
 * What {@link StepCompletions} has done so far.
 *
 * @param told completions that the callback was told, also those for which it threw
 * @param callbackFailures how often the callback threw
 * @param ofOtherSessions completions of sessions that were not asked for
 * @param undecodable records that hold no completion, passed over
 * @param expired offsets that retention had passed before they could be read: completions that nobody will be told
 */
public record CompletionStats(long told, long callbackFailures, long ofOtherSessions, long undecodable, long expired) {}
