"""The records of a capture, by the documented contract alone (docs/producers.md): Avro's single-object encoding, the
session id as key, chunks for what is too large for one record. Knows nothing of Kafka.
"""
import io
import os
import pathlib

import avro.io
import avro.schema

# An untouched broker takes batches of 1 MiB, and a batch with one record has key, headers and framing besides.
CHUNK_BYTES = 900 * 1024

# C3 01, and the CRC-64-AVRO fingerprint of StepCapture.avsc, least significant byte first.
HEADER = bytes.fromhex("c301d7d1be17003335e0")

SCHEMA = avro.schema.parse(pathlib.Path(__file__).with_name("StepCapture.avsc").read_text("utf-8"))
DEFAULTS = {field.name: field.default for field in SCHEMA.fields if field.has_default}

CRC_32C = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    CRC_32C.append(byte)


def encode(capture):
    """The event of a capture: a dict with the fields of StepCapture.avsc, those left out at their default.

    `captured_at` is a datetime with a time zone, an artifact is {"content_type": str, "data": bytes}.
    """
    out = io.BytesIO(HEADER)
    out.seek(0, io.SEEK_END)
    avro.io.DatumWriter(SCHEMA).write({**DEFAULTS, **capture}, avro.io.BinaryEncoder(out))
    return out.getvalue()


def records(capture, chunk_bytes=CHUNK_BYTES, set_id=None):
    """What must be sent for a capture, in this order, as (key, value, headers): one record, or its chunks."""
    key = capture["session_id"].encode("utf-8")
    whole = encode(capture)
    if len(whole) <= chunk_bytes:
        return [(key, whole, [])]
    set_id = set_id or os.urandom(16)
    values = [whole[at:at + chunk_bytes] for at in range(0, len(whole), chunk_bytes)]
    crc = b"%08x" % crc_32c(whole)
    return [(key, value, [
        ("stepvault-chunk-id", set_id),
        ("stepvault-chunk-index", b"%d" % index),
        ("stepvault-chunk-count", b"%d" % len(values)),
        ("stepvault-chunk-bytes", b"%d" % len(whole)),
        ("stepvault-chunk-crc32c", crc),
    ]) for index, value in enumerate(values)]


def crc_32c(data):
    """CRC-32C (Castagnoli); zlib.crc32 is another polynomial. Takes about 0.1 s per MiB: there are packages in C."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC_32C[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF
