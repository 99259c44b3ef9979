package io.stepvault.worker.simulation;

import io.stepvault.storage.object.ObjectStore;
import io.stepvault.wire.WriterSchemas;
import io.stepvault.worker.assemble.ChunkStore;
import io.stepvault.worker.consume.ConsumerEvents;
import io.stepvault.worker.spool.SpoolDisk;
import io.stepvault.worker.store.StepWriter;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** How a process is put together: as it should be, or with a collaborator that does wrong. */
class Wiring {
    /** Everything as it should be. */
    static final Wiring SOUND = new Wiring();

    boolean diskSyncs() {
        return true;
    }

    ObjectStore objects(ObjectStore sound) {
        return sound;
    }

    /** What is read back at the end, as a reader sees it. */
    ObjectStore readBy(ObjectStore sound) {
        return sound;
    }

    StepWriter writer(StepWriter sound) {
        return sound;
    }

    SpoolDisk spool(SpoolDisk sound) {
        return sound;
    }

    ChunkStore chunks(ChunkStore sound) {
        return sound;
    }

    WriterSchemas schemas(WriterSchemas sound) {
        return sound;
    }

    ConsumerEvents pipeline(ConsumerEvents sound) {
        return sound;
    }

    Consumer<byte[], byte[]> consumer(SimulatedBrokers brokers, SimulatedProcess process) {
        return new SimulatedConsumer(brokers, process);
    }

    Producer<byte[], byte[]> producer(SimulatedBrokers brokers, SimulatedProcess process, String transactionalId) {
        return new SimulatedProducer(brokers, process, transactionalId);
    }
}
