package io.stepvault.storage;

/**
 * What has been brought back, or would be.
 *
 * @param revisions how many captures of steps
 * @param objects how many objects, without day markers
 * @param bytes of these together
 * @param lost how many revisions cannot be brought back whole, so that nothing of them was
 */
public record Restored(long revisions, long objects, long bytes, long lost) {}
