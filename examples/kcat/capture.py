#!/usr/bin/env python3
"""Writes the records of a capture as files, for kcat or any other tool that can send a file: see README.md.

    python3 capture.py SESSION STEP --out DIR [--url URL] [--html FILE] [--screenshot FILE] [--action JSON]
                       [--sequence N] [--label NAME=TEXT ...] [--end-of-session]

DIR gets 0000.value, 0001.value ... to be sent in this order, and 0000.headers ... with a line for each header.
Python's standard library only: all of the encoding is in this file.
"""
import argparse
import os
import pathlib
import time

CHUNK_BYTES = 900 * 1024


def number(n):
    """Avro's long: zigzag, then seven bits a byte, the least significant first."""
    n = n << 1 ^ n >> 63
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    return bytes(out) + bytes([n])


def data(content):
    """Avro's bytes and string: the length, then the bytes."""
    return number(len(content)) + content


def text(content):
    return data(content.encode("utf-8"))


def optional(value, write):
    """A union with null: which branch, then the value."""
    return number(0) if value is None else number(1) + write(value)


def artifact(content_type):
    return lambda content: text(content_type) + data(content)


def texts(entries):
    """A map: how many entries follow, the entries, and 0 for the end."""
    return (number(len(entries)) + b"".join(text(k) + text(v) for k, v in entries.items()) if entries else b"") + number(0)


def encode(given, captured_at):
    """The fields in the order of StepCapture.avsc, behind C3 01 and the fingerprint of that schema."""
    return bytes.fromhex("c301d7d1be17003335e0") + b"".join([
        text(given.session),
        text(given.step),
        number(captured_at),
        optional(given.sequence, number),
        optional(given.url, text),
        optional(given.html and given.html.read_bytes(), artifact("text/html; charset=utf-8")),
        optional(given.screenshot and given.screenshot.read_bytes(), artifact("image/png")),
        optional(given.action, text),
        number(0),  # no attachments
        texts(dict(label.split("=", 1) for label in given.label)),
        b"\x01" if given.end_of_session else b"\x00",
    ])


def crc_32c(content):
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    crc = 0xFFFFFFFF
    for byte in content:
        crc = table[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def headers(whole, count):
    """The headers of each chunk. The id is 16 bytes; here they are letters, since kcat takes headers as text."""
    if count == 1:
        return [""]
    set_id, crc = os.urandom(8).hex(), crc_32c(whole)
    return ["stepvault-chunk-id=%s\nstepvault-chunk-index=%d\nstepvault-chunk-count=%d\n"
            "stepvault-chunk-bytes=%d\nstepvault-chunk-crc32c=%08x\n" % (set_id, index, count, len(whole), crc)
            for index in range(count)]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("session")
    options.add_argument("step")
    options.add_argument("--out", type=pathlib.Path, required=True)
    options.add_argument("--url")
    options.add_argument("--html", type=pathlib.Path)
    options.add_argument("--screenshot", type=pathlib.Path)
    options.add_argument("--action")
    options.add_argument("--sequence", type=int)
    options.add_argument("--label", action="append", default=[])
    options.add_argument("--end-of-session", action="store_true")
    given = options.parse_args()

    whole = encode(given, time.time_ns() // 1000)
    values = [whole[at:at + CHUNK_BYTES] for at in range(0, len(whole), CHUNK_BYTES)]
    given.out.mkdir(parents=True)
    for index, (value, lines) in enumerate(zip(values, headers(whole, len(values)))):
        (given.out / ("%04d.value" % index)).write_bytes(value)
        (given.out / ("%04d.headers" % index)).write_text(lines, "ascii")


if __name__ == "__main__":
    main()
