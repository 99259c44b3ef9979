package io.stepvault.worker.simulation;

import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.CommitRecord;
import io.stepvault.storage.StepToStore;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreException;
import io.stepvault.worker.ForwardingObjectStore;
import io.stepvault.worker.assemble.ChunkStore;
import io.stepvault.worker.consume.ConsumerEvents;
import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.spool.SpoolDisk;
import io.stepvault.worker.spool.SpoolEntry;
import io.stepvault.worker.spool.SpooledBatch;
import io.stepvault.worker.store.StepWriter;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Mistakes that a worker must not make, each by a collaborator that makes it; the simulation has to see every one. */
@SuppressWarnings({
    "ImmutableEnumChecker", // the wiring has no state, what it makes belongs to one simulation
    "UnsynchronizedOverridesSynchronized" // one thread plays everything
})
enum Mutation {
    COMMIT_BEFORE_THE_STORE_ANSWERS("1", new Wiring() {
        @Override
        StepWriter writer(StepWriter sound) {
            return new StepWriter() {
                @Override
                public CompletableFuture<List<StoreOutcome>> store(List<StepToStore> steps) {
                    var unused = sound.store(steps);
                    return CompletableFuture.completedFuture(
                            steps.stream().map(Mutation::claimed).toList());
                }

                @Override
                public CompletableFuture<Optional<StoreException>> probe() {
                    return sound.probe();
                }
            };
        }
    }),

    SKIP_FSYNC("1", new Wiring() {
        @Override
        boolean diskSyncs() {
            return false;
        }
    }),

    OVERWRITE_A_KEY_WITH_OTHER_CONTENT("2", new Wiring() {
        @Override
        ObjectStore objects(ObjectStore sound) {
            return new ForwardingObjectStore(sound) {
                @Override
                public CompletableFuture<Void> put(PutRequest request) {
                    String key = request.key().replaceAll("-[0-9a-f]{16}/", "-0000000000000000/");
                    return super.put(new PutRequest(key, request.contentType(), request.body(), request.metadata()));
                }
            };
        }
    }),

    WRITE_STEP_JSON_FIRST("4", new Wiring() {
        @Override
        @SuppressWarnings("NullAway") // a future of nothing completes with null
        ObjectStore objects(ObjectStore sound) {
            return new ForwardingObjectStore(sound) {
                @Override
                public CompletableFuture<Void> put(PutRequest request) {
                    CompletableFuture<Void> done = super.put(request);
                    return request.key().endsWith("/step.json") ? done : CompletableFuture.completedFuture(null);
                }
            };
        }
    }),

    COMPLETE_OUTSIDE_THE_TRANSACTION("6", new Wiring() {
        @Override
        Producer<byte[], byte[]> producer(SimulatedBrokers brokers, SimulatedProcess process, String id) {
            return new SimulatedProducer(brokers, process, id) {
                @Override
                public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
                    if (!record.topic().equals(World.COMPLETIONS)) {
                        return super.send(record);
                    }
                    brokers.oracle.committed(List.of(record), Map.of());
                    return CompletableFuture.completedFuture(null);
                }
            };
        }
    }),

    DROP_THE_COMMIT_METADATA("6", new Wiring() {
        @Override
        Consumer<byte[], byte[]> consumer(SimulatedBrokers brokers, SimulatedProcess process) {
            return new SimulatedConsumer(brokers, process) {
                @Override
                public Map<TopicPartition, OffsetAndMetadata> committed(
                        Set<TopicPartition> partitions, Duration timeout) {
                    return super.committed(partitions, timeout).entrySet().stream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey,
                                    each -> new OffsetAndMetadata(
                                            each.getValue().offset())));
                }
            };
        }
    }),

    TRUST_THE_COMMIT_METADATA_BLINDLY("1", new Wiring() {
        @Override
        Consumer<byte[], byte[]> consumer(SimulatedBrokers brokers, SimulatedProcess process) {
            return new SimulatedConsumer(brokers, process) {
                @Override
                public Map<TopicPartition, OffsetAndMetadata> committed(
                        Set<TopicPartition> partitions, Duration timeout) {
                    return super.committed(partitions, timeout).entrySet().stream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey, each -> BlindTrust.in(each.getValue(), brokers.topicId())));
                }
            };
        }
    }),

    IGNORE_THE_ASSIGNMENT_EPOCH("6", new Wiring() {
        @Override
        ConsumerEvents pipeline(ConsumerEvents sound) {
            return new ForwardingEvents(sound) {
                @Override
                public void left(Collection<TopicPartition> partitions) {
                    // As if what comes back later were still its own.
                }
            };
        }
    }),

    ABANDON_A_COMMIT_THAT_TIMED_OUT("6", new Wiring() {
        @Override
        Producer<byte[], byte[]> producer(SimulatedBrokers brokers, SimulatedProcess process, String id) {
            return new SimulatedProducer(brokers, process, id) {
                private boolean ended;

                @Override
                public void beginTransaction() {
                    ended = false;
                    super.beginTransaction();
                }

                @Override
                public void sendOffsetsToTransaction(
                        Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
                    super.sendOffsetsToTransaction(offsets, group);
                    try {
                        super.commitTransaction();
                    } catch (TimeoutException e) {
                        ended = true;
                        throw e;
                    }
                    ended = true;
                }

                @Override
                public void commitTransaction() {
                    if (!ended) {
                        super.commitTransaction();
                    }
                }

                @Override
                public void abortTransaction() {
                    if (!ended) {
                        super.abortTransaction();
                    }
                }
            };
        }
    }),

    LOSE_THE_OLDEST_CHUNK("8", new Wiring() {
        @Override
        ChunkStore chunks(ChunkStore sound) {
            return new ChunkStore() {
                @Override
                public Optional<Piece> append(long set, SourceRecord chunk) {
                    return sound.append(set, chunk);
                }

                @Override
                public Optional<SourceRecord> read(long set, Piece piece) {
                    return sound.read(set, piece);
                }

                @Override
                public Optional<byte[]> readValues(long set, List<Piece> pieces) {
                    return sound.readValues(set, pieces.subList(1, pieces.size()));
                }

                @Override
                public void drop(long set) {
                    sound.drop(set);
                }
            };
        }
    }),

    TIME_OUT_A_PAUSED_CHUNK_SET("8", new Wiring() {
        @Override
        ConsumerEvents pipeline(ConsumerEvents sound) {
            return new ForwardingEvents(sound) {
                @Override
                public void tick() {
                    super.tick();
                    super.wereAtEnd(assigned, Duration.ofSeconds(1));
                }
            };
        }
    }),

    LET_AN_OLDER_REVISION_WIN("5", new Wiring() {
        @Override
        ObjectStore readBy(ObjectStore sound) {
            return new ForwardingObjectStore(sound) {
                @Override
                public ObjectPage list(ListRequest request) {
                    ObjectPage page = super.list(request);
                    boolean ofOneStep = request.prefix().matches("sessions/[^/]+/steps/[^/]+/");
                    return ofOneStep ? Mutation.firstRevision(request.prefix(), page) : page;
                }
            };
        }
    }),

    FORGET_AN_ADOPTED_FILE("67", new Wiring() {
        @Override
        SpoolDisk spool(SpoolDisk sound) {
            return new SpoolDisk() {
                private final Set<String> own = new HashSet<>();

                @Override
                public CompletableFuture<Written> write(List<SpooledBatch> batches) {
                    return sound.write(batches).thenApply(written -> {
                        if (written instanceof Written.Durably durably) {
                            durably.entries().forEach(entry -> own.add(entry.file()));
                        }
                        return written;
                    });
                }

                @Override
                public CompletableFuture<ReadBack> read(SpoolEntry entry) {
                    return own.contains(entry.file()) ? sound.read(entry) : new CompletableFuture<>();
                }

                @Override
                public CompletableFuture<Void> delete(String file) {
                    return sound.delete(file);
                }

                @Override
                public Use use() {
                    return sound.use();
                }
            };
        }
    });

    /** The numbers of the invariants that it breaks. */
    final String breaks;

    final Wiring wiring;

    Mutation(String breaks, Wiring wiring) {
        this.breaks = breaks;
        this.wiring = wiring;
    }

    private static StoreOutcome claimed(StepToStore step) {
        CommitRecord record = CommitRecord.of(step.capture());
        TreeMap<String, URI> uris = new TreeMap<>();
        ArtifactName.artifactsOf(step.capture()).keySet().forEach(name -> uris.put(name, URI.create("s3://bucket/x")));
        return new StoreOutcome.Stored(record, record.revision(), uris);
    }

    private static ObjectPage firstRevision(String prefix, ObjectPage page) {
        Optional<String> first = page.objects().stream()
                .map(ObjectInfo::key)
                .filter(key -> key.endsWith("/step.json"))
                .min(String::compareTo);
        Optional<String> firstPrefix = page.prefixes().stream().min(String::compareTo);
        return new ObjectPage(
                page.objects().stream()
                        .filter(object -> first.isEmpty()
                                || object.key()
                                        .startsWith(first.get()
                                                .substring(0, first.get().indexOf('/', prefix.length()) + 1)))
                        .toList(),
                page.prefixes().stream()
                        .filter(each -> firstPrefix.isEmpty() || each.equals(firstPrefix.get()))
                        .toList(),
                false);
    }
}
