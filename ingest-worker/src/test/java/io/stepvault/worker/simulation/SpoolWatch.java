package io.stepvault.worker.simulation;

import io.stepvault.worker.spool.SpoolDisk;
import io.stepvault.worker.spool.SpoolEntry;
import io.stepvault.worker.spool.SpooledBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** What the disk queues of all machines hold, as far as they have said that it is durable. */
final class SpoolWatch {
    private final Trace trace;
    private final Map<Machine, Map<String, List<SpoolEntry>>> disks = new HashMap<>();
    private final Set<String> damagedFiles = new HashSet<>();

    SpoolWatch(Trace trace) {
        this.trace = trace;
    }

    /** What the disk queue has made durable: 1, what the topic loses it must not lose. */
    SpoolDisk watch(Machine machine, SpoolDisk disk) {
        Map<String, List<SpoolEntry>> files = disks.computeIfAbsent(machine, key -> new LinkedHashMap<>());
        return new SpoolDisk() {
            @Override
            public CompletableFuture<Written> write(List<SpooledBatch> batches) {
                return disk.write(batches).thenApply(written -> {
                    if (written instanceof Written.Durably durably) {
                        durably.entries()
                                .forEach(entry -> files.computeIfAbsent(entry.file(), name -> new ArrayList<>())
                                        .add(entry));
                        trace.add(machine + " has on disk " + offsets(durably.entries()));
                    } else {
                        trace.add(machine + " cannot write to its disk");
                    }
                    return written;
                });
            }

            @Override
            public CompletableFuture<ReadBack> read(SpoolEntry entry) {
                trace.add(machine + " drains " + offsets(List.of(entry)));
                return disk.read(entry);
            }

            @Override
            public CompletableFuture<Void> delete(String file) {
                trace.add(machine + " removes a file of " + offsets(files.getOrDefault(file, List.of())));
                files.remove(file);
                return disk.delete(file);
            }

            @Override
            public Use use() {
                return disk.use();
            }
        };
    }

    private static String offsets(List<SpoolEntry> entries) {
        return entries.stream()
                .map(entry -> entry.origin().partition().partition() + "@" + entry.offsets())
                .collect(Collectors.joining(", "));
    }

    /** Whether any machine has a record, in a file that is sound. */
    boolean has(TopicPartition partition, String topicId, long offset) {
        return disks.entrySet().stream()
                .flatMap(machine -> machine.getValue().entrySet().stream()
                        .filter(file -> !damagedFiles.contains(machine.getKey() + "/" + file.getKey())))
                .flatMap(file -> file.getValue().stream())
                .anyMatch(entry -> entry.origin().partition().equals(partition)
                        && entry.origin().topicId().equals(topicId)
                        && entry.offsets().contains(offset));
    }

    /** What a file of a machine holds. */
    List<SpoolEntry> entries(Machine machine, String file) {
        return disks.getOrDefault(machine, Map.of()).getOrDefault(file, List.of());
    }

    /** A file is not to be relied on any more. */
    void damaged(Machine machine, String file) {
        damagedFiles.add(machine + "/" + file);
    }
}
