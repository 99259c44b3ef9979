package io.stepvault.worker.simulation;

import io.stepvault.worker.commit.CommitMetadata;
import io.stepvault.worker.consume.Mailbox;
import io.stepvault.worker.flow.OffsetRuns;
import io.stepvault.worker.spool.file.SimulatedDisk;
import io.stepvault.worker.spool.file.SpoolLimits;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Everything there is, and what happens next. */
final class World implements AutoCloseable {
    static final String COMPLETIONS = "step-captures.completed";
    static final String DEAD_LETTERS = "step-captures.dead-letters";
    private static final int ROUNDS_TO_REST = 500;
    private static final List<Fault> FAULTS = List.of(Fault.values());

    final Random random;
    final Wiring wiring;
    final SimulatedClock clock = new SimulatedClock();
    final Trace trace = new Trace(clock);
    final SpoolWatch spools = new SpoolWatch(trace);
    private final Bucket bucket = new Bucket(trace);
    final Oracle oracle = new Oracle(trace, bucket, spools);
    final Lane network = new Lane(clock, false);
    final SimulatedBrokers brokers;
    final SimulatedStore store;
    final SimulatedRegistry registry = new SimulatedRegistry();
    private final Set<Fault> faults;
    private final Crawl crawl;
    private final Janitor janitor;
    private final List<Machine> machines = new ArrayList<>();
    private final List<SimulatedProcess> processes = new ArrayList<>();

    World(long seed, Set<Fault> faults, Wiring wiring) {
        this.random = new Random(seed);
        this.faults = faults;
        this.wiring = wiring;
        int partitions = 1 + random.nextInt(3);
        this.brokers = new SimulatedBrokers(random, clock, trace, network, partitions, oracle);
        this.store = new SimulatedStore(random, clock, trace, network, bucket);
        this.crawl = new Crawl(random, clock, trace, brokers, oracle);
        this.janitor = new Janitor(random, clock, trace, store, oracle);
        brokers.logs().forEach(log -> oracle.begin(log.partition, brokers.topicId()));
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            boolean little = random.nextInt(3) == 0;
            machines.add(new Machine(
                    "worker-" + i,
                    new SimulatedDisk(random, wiring.diskSyncs()),
                    new SpoolLimits(random.nextInt(4) == 0 ? 6_000 : 4 << 20, 1_000, 1_000),
                    little ? 8_000 : 1 << 20));
        }
        start(machines.get(0));
    }

    private void start(Machine machine) {
        SimulatedProcess process;
        try {
            process = new SimulatedProcess(this, machine);
        } catch (UncheckedIOException e) {
            trace.add(machine + " cannot start: " + e.getMessage());
            return;
        }
        trace.add(process + " starts");
        processes.add(process);
        machine.runs(process);
    }

    /** How the pipeline's thread of a process waits: everybody else goes on. */
    static final class Mail implements Mailbox {
        private final World world;
        private final SimulatedProcess process;

        Mail(World world, SimulatedProcess process) {
            this.world = world;
            this.process = process;
        }

        @Override
        public Clock clock() {
            return world.clock;
        }

        @Override
        public void execute(Runnable task) {
            process.mail().addLast(task);
        }

        @Override
        public void runAll() {
            while (!process.mail().isEmpty()) {
                process.mail().removeFirst().run();
            }
        }

        @Override
        public void awaitAndRun(Duration atMost) {
            if (process.mail().isEmpty()) {
                world.othersGoOn(process);
            }
            runAll();
        }
    }

    private void othersGoOn(SimulatedProcess waiting) {
        do {
            for (int i = random.nextInt(3); i >= 0; i--) {
                work();
            }
            pass(Duration.ofMillis(20L + random.nextInt(200)));
            if (!waiting.isAlive()) {
                throw new ProcessKilled();
            }
        } while (waiting.isStalled());
    }

    // What happens next.

    /** One thing happens. */
    void step() {
        int kind = random.nextInt(100);
        if (kind < 70) {
            work();
        } else if (kind < 80) {
            pass(Duration.ofMillis(random.nextInt(random.nextInt(5) == 0 ? 6_000 : 800)));
        } else if (kind < 90) {
            if (!brokers.areAway()) {
                crawl.publish();
            }
        } else {
            Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
            int chance = random.nextInt(100);
            if (faults.contains(fault) && chance < fault.percent) {
                cause(fault);
            }
        }
        processes.forEach(this::checkBounds);
    }

    /** Somebody does something of what is to be done. */
    private void work() {
        int kind = random.nextInt(10);
        if (kind < 3 && network.hasDue()) {
            network.runNext(random);
            return;
        }
        List<SimulatedProcess> running =
                processes.stream().filter(SimulatedProcess::isRunning).toList();
        if (running.isEmpty()) {
            return;
        }
        SimulatedProcess process = running.get(random.nextInt(running.size()));
        if (kind < 7 && process.hasTasks()) {
            process.runTask(random);
        } else if (process.isFree()) {
            process.round();
        } else if (network.hasDue()) {
            network.runNext(random);
        }
    }

    private void pass(Duration time) {
        crawl.beforePassing(time);
        clock.pass(time);
        brokers.tick();
    }

    private void cause(Fault fault) {
        trace.add("-- " + fault);
        switch (fault) {
            case STORE_DOWN -> store.turn(SimulatedStore.Mood.DOWN);
            case STORE_THROTTLES -> store.turn(SimulatedStore.Mood.THROTTLING);
            case STORE_SLOW -> store.turn(SimulatedStore.Mood.SLOW);
            case STORE_FORBIDDEN -> store.turn(SimulatedStore.Mood.FORBIDDEN);
            case BUCKET_MISSING -> store.turn(SimulatedStore.Mood.BUCKET_MISSING);
            case STORE_WELL -> store.turn(SimulatedStore.Mood.WELL);
            case ANSWERS_LOST -> store.loseAnswers(1 + random.nextInt(3));
            case DISK_FULL -> anyMachine().disk.hasLeft(random.nextInt(1_500));
            case WRITE_TORN -> anyMachine().disk.failAfter(random.nextInt(800));
            case SYNC_FAILS -> anyMachine().disk.failSyncAfter(random.nextInt(3));
            case DISK_WELL -> anyMachine().disk.heal();
            case DISK_DAMAGED -> damage(anyMachine());
            case CHUNK_DISK_FAILS -> anyProcess().ifPresent(process -> process.chunks.fail(random.nextBoolean()));
            case CRASH -> anyProcess().ifPresent(process -> kill(process, false));
            case POWER_CUT -> anyProcess().ifPresent(process -> kill(process, true));
            case START -> startAny();
            case LEAVE ->
                anyProcess().filter(SimulatedProcess::isFree).ifPresent(process -> {
                    trace.add(process + " is stopped");
                    process.stop();
                });
            case STALL ->
                anyProcess().ifPresent(process -> {
                    trace.add(process + " stalls");
                    process.stall(Duration.ofMillis(random.nextInt(25_000)));
                });
            case CUT_OFF ->
                anyProcess().ifPresent(process -> {
                    trace.add(process + " is cut off from the brokers");
                    process.cutOff(Duration.ofMillis(random.nextInt(25_000)));
                });
            case BROKERS_AWAY -> brokers.goAway(true);
            case BROKERS_BACK -> brokersComeBack();
            case COMMITS_TROUBLED -> brokers.trouble(1 + random.nextInt(3));
            case PRODUCER_DIES -> crawl.producerDies();
            case RETENTION -> retain();
            case TOPIC_CREATED_AGAIN -> createTopicAgain();
            case OFFSETS_RESET -> resetOffsets();
            case METADATA_CORRUPTED -> corruptMetadata();
            case REGISTRY_DOWN -> registry.isDown = true;
            case REGISTRY_UP -> registry.isDown = false;
            case SESSION_DELETED -> {
                tire();
                janitor.delete(Crawl.doomedSession(random));
            }
            case STEPS_EXPIRED -> {
                tire();
                janitor.expire();
            }
            case REVISIONS_THINNED_OUT -> {
                tire();
                janitor.thinOut();
            }
            case STORE_CLEANED -> {
                tire();
                janitor.clean();
            }
            case DAYS_PASS -> {
                brokers.group.excuse();
                pass(Duration.ofDays(1 + random.nextInt(3)));
            }
        }
    }

    /** The janitor may be stopped half-way. */
    private void tire() {
        if (random.nextInt(3) == 0) {
            janitor.mayCall(random.nextInt(15));
        }
    }

    private Machine anyMachine() {
        return machines.get(random.nextInt(machines.size()));
    }

    private Optional<SimulatedProcess> anyProcess() {
        return anyMachine().process();
    }

    private void kill(SimulatedProcess process, boolean power) {
        trace.add(process + " is killed" + (power ? " by a power cut" : ""));
        process.kill();
        if (power) {
            process.machine.disk.losePower();
        }
    }

    private void startAny() {
        machines.stream()
                .filter(machine -> machine.process().isEmpty())
                .findFirst()
                .ifPresent(this::start);
    }

    private void damage(Machine machine) {
        List<String> files = machine.disk.names();
        if (!files.isEmpty()) {
            String file = files.get(random.nextInt(files.size()));
            oracle.damaged(machine, file);
            machine.disk.damage(file);
        }
    }

    private void brokersComeBack() {
        if (brokers.areAway()) {
            brokers.goAway(false);
            crawl.resume();
        }
    }

    private void retain() {
        List<SimulatedLog> logs = brokers.logs();
        SimulatedLog log = logs.get(random.nextInt(logs.size()));
        long below = log.start() + random.nextInt((int) (log.end() - log.start()) + 1);
        trace.add("retention passes " + log.partition.partition() + "@" + below);
        oracle.removedBelow(log.partition, below, committed(log).isPresent());
        log.removeBelow(below);
    }

    private void createTopicAgain() {
        crawl.startOver();
        brokers.createTopicAgain();
        brokers.logs().forEach(log -> oracle.createdAgain(log.partition, brokers.topicId()));
    }

    /** Kafka allows it only while the group has no members. */
    private void resetOffsets() {
        if (!brokers.group.isEmpty() || brokers.transactions.isAnyOpen()) {
            return;
        }
        List<SimulatedLog> logs = brokers.logs();
        SimulatedLog log = logs.get(random.nextInt(logs.size()));
        Optional<OffsetAndMetadata> committed = committed(log);
        if (committed.isPresent()) {
            long back = random.nextInt((int) committed.get().offset() + 1);
            trace.add("offset of " + log.partition.partition() + " is reset to " + back);
            brokers.group.committed.put(log.partition, new OffsetAndMetadata(back));
            oracle.committedWasChanged(log.partition, back, OffsetRuns.NONE);
        }
    }

    private void corruptMetadata() {
        for (Map.Entry<TopicPartition, OffsetAndMetadata> each : brokers.group.committed.entrySet()) {
            OffsetAndMetadata committed = each.getValue();
            boolean isOurs = CommitMetadata.decode(committed.metadata(), brokers.topicId(), committed.offset())
                    .isPresent();
            if (committed.metadata().isEmpty() || !isOurs || brokers.transactions.isUnstable(each.getKey())) {
                continue;
            }
            StringBuilder text = new StringBuilder(committed.metadata());
            int at = random.nextInt(text.length());
            text.setCharAt(at, text.charAt(at) == 'A' ? 'B' : 'A');
            each.setValue(new OffsetAndMetadata(committed.offset(), text.toString()));
            oracle.committedWasChanged(each.getKey(), committed.offset(), OffsetRuns.NONE);
            trace.add("metadata of " + each.getKey().partition() + " is corrupted");
        }
    }

    // How it ends.

    /** Everything goes well from now on, until nothing is left to be done. */
    void comeToRest() {
        trace.add("-- everything goes well from now on");
        store.turn(SimulatedStore.Mood.WELL);
        store.loseAnswers(0);
        registry.isDown = false;
        brokersComeBack();
        brokers.trouble(0);
        crawl.finish();
        janitor.finish();
        machines.forEach(machine -> {
            machine.disk.heal();
            if (machine.process().isEmpty()) {
                start(machine);
            }
            machine.process().orElseThrow().goOn();
            machine.process().orElseThrow().chunks.fail(false);
        });
        int quiet = 0;
        for (int round = 0; round < ROUNDS_TO_REST && quiet < 4; round++) {
            runTasks();
            machines.forEach(machine -> machine.process().orElseThrow().round());
            runTasks();
            pass(Duration.ofSeconds(1));
            quiet = isQuiet() ? quiet + 1 : 0;
        }
        if (quiet == 0) {
            trace.add("it does not come to rest: " + unrest());
        }
    }

    private void runTasks() {
        boolean any = true;
        while (any) {
            any = network.hasDue();
            if (any) {
                network.runNext(random);
            }
            for (Machine machine : machines) {
                SimulatedProcess process = machine.process().orElseThrow();
                if (process.hasTasks()) {
                    any = true;
                    process.runTask(random);
                }
            }
        }
    }

    private boolean isQuiet() {
        return unrest().isEmpty();
    }

    private List<String> unrest() {
        List<String> unrest = new ArrayList<>();
        if (!network.isEmpty()) {
            unrest.add("something is on its way");
        }
        brokers.logs().forEach(log -> {
            long next = log.records.isEmpty() ? log.start() : log.records.lastKey() + 1;
            // Where nothing was ever committed and nothing lies, there is nothing to commit.
            boolean toItsEnd =
                    committed(log).map(committed -> committed.offset() >= next).orElseGet(log.records::isEmpty);
            if (!toItsEnd) {
                unrest.add(log.partition + " is not committed to its end");
            }
        });
        machines.forEach(machine -> {
            if (!machine.disk.names().stream().allMatch(file -> oracle.isStuck(file, machine))) {
                unrest.add(machine + " has batches on its disk");
            }
            if (machine.process().orElseThrow().chunks.size() > 0) {
                unrest.add(machine + " waits for chunks");
            }
            if (machine.process().orElseThrow().hasAnyTask()
                    && machine.disk.names().isEmpty()) {
                unrest.add(machine + " has tasks");
            }
        });
        return unrest;
    }

    /** What is committed for the topic that there is. */
    private Optional<OffsetAndMetadata> committed(SimulatedLog log) {
        return Optional.ofNullable(brokers.group.committed.get(log.partition))
                .filter(committed ->
                        !CommitMetadata.isOfOtherTopic(committed.metadata(), brokers.topicId(), committed.offset()));
    }

    private void checkBounds(SimulatedProcess process) {
        if (process.isAlive()) {
            // Besides the limit: the entries of spooled batches, and completions, larger than the smallest captures.
            double memory = process.measured("stepvault.memory.used.bytes");
            if (memory < 0 || memory > process.machine.memoryLimit * 2.0 + 4_000) {
                throw new Violation("9: " + process + " has " + memory + " bytes in memory, and may have "
                        + process.machine.memoryLimit);
            }
        }
    }

    /** What must be true once all is at rest. */
    void checkAll() {
        if (counted("stepvault.chunks.sets.dropped") + counted("stepvault.spool.batches.set.aside") > 0) {
            oracle.orderMayBreak();
        }
        janitor.finish();
        List<Source> expected = oracle.expected();
        if (!isQuiet()) {
            throw new Violation("7: it does not come to rest: " + unrest());
        }
        ReadBack.check(wiring.readBy(store.objects()), oracle, expected);
        double lost = counted("stepvault.offsets.lost");
        if (lost < oracle.lost()) {
            throw new Violation("11: " + oracle.lost() + " captures went with the topic, and " + lost + " are counted");
        }
        for (Machine machine : machines) {
            SimulatedProcess process = machine.process().orElseThrow();
            process.round();
            if (process.chunks.size() > 0) {
                throw new Violation("9: " + process + " keeps chunks for ever");
            }
            if (process.measured("stepvault.memory.used.bytes") != 0
                    && machine.disk.names().isEmpty()) {
                throw new Violation("9: " + process + " keeps " + process.measured("stepvault.memory.used.bytes")
                        + " bytes for ever");
            }
        }
    }

    private double counted(String counter) {
        return processes.stream()
                .mapToDouble(process -> process.counted(counter))
                .sum();
    }

    @Override
    public void close() {
        machines.forEach(machine -> machine.disk.close());
    }
}
