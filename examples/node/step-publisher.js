// Publishes step captures with kafkajs.

import kafkajs from "kafkajs";
import { records } from "./records.js";

const { CompressionTypes, Kafka, logLevel, Partitioners } = kafkajs;

/** One at a time publishes to a session, or the numbers would be given twice. */
export class StepPublisher {
    #producer;
    #topic;
    #next = new Map();

    constructor(producer, topic) {
        this.#producer = producer;
        this.#topic = topic;
    }

    /** A publisher that is connected to `brokers`, a list of host:port. */
    static async connect(brokers, topic = "step-captures") {
        const kafka = new Kafka({ clientId: "stepvault-example", brokers, logLevel: logLevel.WARN });
        const producer = kafka.producer({
            allowAutoTopicCreation: false,
            createPartitioner: Partitioners.DefaultPartitioner, // murmur2, as the Java client has it
            maxInFlightRequests: 1, // so that a retry cannot change the order
        });
        await producer.connect();
        return new StepPublisher(producer, topic);
    }

    /**
     * Numbers a capture within its session and returns once the brokers have all of it. What kafkajs sends twice in a retry
     * is stored once, so idempotence need not be on.
     *
     * @returns the capture's number and how many records it took
     */
    async publish(capture) {
        const sequence = this.#next.get(capture.session_id) ?? 0;
        this.#next.set(capture.session_id, sequence + 1);
        const sent = records({ ...capture, sequence });
        for (const record of sent) {
            // Each by itself: kafkajs would put all messages of a call into one batch, which is what brokers limit.
            await this.#producer.send({
                topic: this.#topic,
                acks: -1,
                compression: CompressionTypes.GZIP,
                messages: [record],
            });
        }
        if (capture.end_of_session) {
            this.#next.delete(capture.session_id);
        }
        return { sequence, records: sent.length };
    }

    close() {
        return this.#producer.disconnect();
    }
}
