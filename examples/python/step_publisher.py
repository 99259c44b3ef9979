"""Publishes step captures with confluent-kafka."""
import confluent_kafka

from step_records import records


class NotPublished(Exception):
    """Captures were lost on their way to the brokers, or are still on it."""


class StepPublisher:
    """One thread at a time may use it. `flush` or `close` tells whether the brokers have everything."""

    def __init__(self, bootstrap, topic="step-captures", **settings):
        self._topic = topic
        self._next = {}
        self._failed = []
        self._producer = confluent_kafka.Producer({
            "bootstrap.servers": bootstrap,
            "client.id": "stepvault-example",
            "partitioner": "murmur2_random",  # as the Java client has it: all languages agree on a session's partition
            "enable.idempotence": True,  # acks=all, and a retry cannot change the order
            "compression.type": "lz4",
            **settings,
        })

    def publish(self, capture):
        """Numbers a capture within its session and hands it to librdkafka, which sends it in the background."""
        session = capture["session_id"]
        sequence = self._next.get(session, 0)
        self._next[session] = sequence + 1
        if capture.get("end_of_session"):
            del self._next[session]
        sent = records({**capture, "sequence": sequence})
        for key, value, headers in sent:
            self._send(key, value, headers, "%s of session %s" % (capture["step_id"], session))
        return sequence, len(sent)

    def _send(self, key, value, headers, what):
        def delivered(error, _):
            if error is not None:
                self._failed.append("%s: %s" % (what, error))

        while True:
            try:
                self._producer.produce(self._topic, key=key, value=value, headers=headers, on_delivery=delivered)
                self._producer.poll(0)
                return
            except BufferError:  # librdkafka's queue is full: wait until some of it is out
                self._producer.poll(0.5)

    def flush(self, seconds=30):
        """Returns once the brokers have everything; raises NotPublished if they have not within the time."""
        waiting = self._producer.flush(seconds)
        failed, self._failed = self._failed, []
        if failed or waiting:
            raise NotPublished("%d records are waiting; failed: %s" % (waiting, "; ".join(failed) or "none"))

    def close(self):
        self.flush()
