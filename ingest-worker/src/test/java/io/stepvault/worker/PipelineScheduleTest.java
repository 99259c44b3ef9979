package io.stepvault.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.CommitRecord;
import io.stepvault.event.CompletedStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.TopicPartition;

class PipelineScheduleTest {
    private static final TopicPartition P0 = new TopicPartition("step-captures", 0);
    private static final TopicPartition P1 = new TopicPartition("step-captures", 1);

    /** A schedule of random events, checked against what the topic holds after every step. */
    @Property(tries = 500)
    void whateverHappensNothingIsCommittedBeforeItIsStoredAndCompleted(@ForAll Random random) {
        PipelineHarness harness = new PipelineHarness();
        List<Source> sources = List.of(new Source(harness, P0), new Source(harness, P1));
        harness.assign(P0, P1);

        for (int event = 0; event < 80; event++) {
            Source source = sources.get(random.nextInt(2));
            switch (random.nextInt(9)) {
                case 0, 1, 2 -> {
                    if (source.position == source.steps.size()) {
                        source.steps.add(source.partition + "-step-" + source.position);
                    }
                    source.deliverNext();
                }
                case 3 -> harness.pass(Duration.ofMillis(random.nextInt(3000)));
                case 4 -> {
                    if (harness.store.pendingCalls() > 0) {
                        harness.store.succeed();
                    }
                }
                case 5 -> {
                    if (harness.store.pendingCalls() > 0) {
                        harness.store.overtake();
                        harness.store.answer(step ->
                                random.nextBoolean() ? Optional.of(PipelineHarness.unavailable()) : Optional.empty());
                    }
                }
                case 6 -> {
                    if (harness.committer.isPending()) {
                        harness.committer.succeed();
                    }
                }
                case 7 -> {
                    if (harness.committer.isPending()) {
                        harness.committer.failAfterPublishing();
                    }
                }
                default -> {
                    harness.pipeline.left(Set.of(source.partition)); // lost, and back: on from what is committed
                    if (harness.committer.isPending()) {
                        harness.committer.failAfterPublishing();
                    }
                    source.position = (int) source.committed();
                    harness.assign(source.partition);
                }
            }
            harness.thread.runAll();
            checkDurableBeforeDone(harness, sources);
        }

        harness.quiesce();
        for (Source source : sources) {
            while (source.position < source.steps.size()) {
                source.deliverNext();
            }
        }
        harness.quiesce();
        for (Source source : sources) {
            assertThat(source.committed()).isEqualTo(source.steps.size());
        }
        checkDurableBeforeDone(harness, sources);
    }

    /** A partition with all that was ever published to it. */
    private static final class Source {
        private final PipelineHarness harness;
        private final TopicPartition partition;
        private final List<String> steps = new ArrayList<>();
        private int position;

        Source(PipelineHarness harness, TopicPartition partition) {
            this.harness = harness;
            this.partition = partition;
        }

        void deliverNext() {
            harness.consume(partition, position, "s" + position % 3, steps.get(position));
            position++;
        }

        long committed() {
            Long offset = harness.committer.committed().get(partition);
            return offset == null ? 0 : offset;
        }
    }

    private static void checkDurableBeforeDone(PipelineHarness harness, List<Source> sources) {
        Set<String> stored =
                harness.store.stored.stream().map(CommitRecord::stepId).collect(Collectors.toSet());
        Set<String> completed = harness.committer.published.stream()
                .flatMap(completion -> completion.getSteps().stream())
                .map(CompletedStep::getStepId)
                .collect(Collectors.toSet());
        assertThat(stored).containsAll(completed);
        for (Source source : sources) {
            assertThat(completed).containsAll(source.steps.subList(0, (int) source.committed()));
        }
    }
}
