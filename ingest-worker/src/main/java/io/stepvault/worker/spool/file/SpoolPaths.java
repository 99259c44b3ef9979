package io.stepvault.worker.spool.file;

import java.nio.file.Path;

/**
 * Where spool files lie.
 *
 * @param root for messages
 * @param queue those that wait to be drained
 * @param corrupt damaged ones that were moved aside
 */
record SpoolPaths(Path root, Path queue, Path corrupt) {}
