#!/usr/bin/env python3
"""A second implementation of ids, revisions and records, to check the golden files with: python3 -B check.py

Standard library only. It shares no code with the Java implementation, so what both agree on is the format.
"""
import base64
import datetime
import hashlib
import json
import pathlib
import re
import struct
import sys

HERE = pathlib.Path(__file__).resolve().parent
FROZEN = HERE.parents[2] / "main/resources/io/stepvault/event/frozen"


# Ids

def encode_id(text):
    out = ""
    for b in text.encode("utf-8"):  # refuses unpaired surrogates
        kept = re.match(rb"[A-Za-z0-9_-]", bytes([b])) or (b == ord(".") and out)
        out += chr(b) if kept else "%%%02X" % b
    if not 1 <= len(out) <= 240:
        raise ValueError("1 to 240 characters once encoded")
    return out


def decode_id(encoded):
    if not re.fullmatch(r"(?:[A-Za-z0-9_.-]|%[0-9A-F]{2})+", encoded, re.ASCII):
        raise ValueError("not an encoded id")
    raw = re.sub(rb"%([0-9A-F]{2})", lambda m: bytes([int(m[1], 16)]), encoded.encode("ascii"))
    text = raw.decode("utf-8")
    if encode_id(text) != encoded:
        raise ValueError("not canonical")
    return text


# Commit record and revision

def artifact_bytes(artifact):
    return artifact["text"].encode("utf-8") if "text" in artifact else base64.b64decode(artifact["base64"])


def artifacts_of(capture):
    named = {name: capture[name] for name in ("html", "screenshot") if name in capture}
    for name, artifact in capture.get("attachments", {}).items():
        named["attachments/" + name] = artifact
    return named


def canonical(value):
    """RFC 8785, with whole numbers in full. json.dumps escapes as the RFC asks, but for DEL, which it leaves alone too."""
    if isinstance(value, dict):
        in_utf16_order = sorted(value.items(), key=lambda field: field[0].encode("utf-16-be"))
        return "{" + ",".join(canonical(k) + ":" + canonical(v) for k, v in in_utf16_order) + "}"
    return json.dumps(value, ensure_ascii=False)


def step_json(capture):
    record = {name: capture[name] for name in ("session_id", "step_id", "captured_at")}
    for name in ("sequence", "url", "action"):
        if name in capture:
            record[name] = capture[name]
    artifacts = {}
    for name, artifact in artifacts_of(capture).items():
        data = artifact_bytes(artifact)
        artifacts[name] = {
            "content_type": artifact["content_type"],
            "sha256": hashlib.sha256(data).hexdigest(),
            "size": len(data),
        }
    if artifacts:
        record["artifacts"] = artifacts
    if capture.get("labels"):
        record["labels"] = capture["labels"]
    if capture.get("end_of_session"):
        record["end_of_session"] = True
    return canonical(record)


def revision(capture):
    written = re.sub("[-:]", "", capture["captured_at"])
    return written + "-" + hashlib.sha256(step_json(capture).encode("utf-8")).hexdigest()[:16]


# Avro: fingerprint, binary encoding, single-object encoding

def parsing_canonical_form(schema, namespace=None):
    if isinstance(schema, str):
        primitive = schema in ("null", "boolean", "int", "long", "float", "double", "bytes", "string")
        return json.dumps(schema if primitive or "." in schema else namespace + "." + schema)
    if isinstance(schema, list):
        return "[" + ",".join(parsing_canonical_form(s, namespace) for s in schema) + "]"
    if schema["type"] == "record":
        namespace = schema.get("namespace", namespace)
        fields = ",".join(
            '{"name":"%s","type":%s}' % (f["name"], parsing_canonical_form(f["type"], namespace))
            for f in schema["fields"])
        return '{"name":"%s.%s","type":"record","fields":[%s]}' % (namespace, schema["name"], fields)
    for kind, of in (("array", "items"), ("map", "values")):
        if schema["type"] == kind:
            return '{"type":"%s","%s":%s}' % (kind, of, parsing_canonical_form(schema[of], namespace))
    return parsing_canonical_form(schema["type"], namespace)


def crc_64_avro(data):
    empty = 0xC15D213AA4D7A795
    crc = empty
    for b in data:
        crc ^= b
        for _ in range(8):
            crc = (crc >> 1) ^ (empty if crc & 1 else 0)
    return crc


class Refused(Exception):
    """Carries the reason code."""


class Reader:
    """Reads Avro binary, and nothing that is not."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        if n < 0 or self.at + n > len(self.data):
            raise Refused("undecodable")
        self.at += n
        return self.data[self.at - n:self.at]

    def long(self):
        z = 0
        for shift in range(0, 70, 7):
            b = self.take(1)[0]
            z |= (b & 0x7F) << shift
            if b < 0x80:
                return (z >> 1) ^ -(z & 1)
        raise Refused("undecodable")

    def bytes(self):
        return self.take(self.long())

    def text(self):
        try:
            return self.bytes().decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("undecodable") from None

    def boolean(self):
        return self.take(1) != b"\x00"

    def nullable(self, read):
        branch = self.long()
        if branch not in (0, 1):
            raise Refused("undecodable")
        return read() if branch else None

    def map(self, read):
        entries = {}
        while True:
            count = self.long()
            if count == 0:
                return entries
            if count < 0:  # then the size of the block in bytes follows
                count = -count
                self.long()
            for _ in range(count):
                key = self.text()
                entries[key] = read()

    def artifact(self):
        return self.text(), self.bytes()


def decode(record, fingerprint):
    """The fields of StepCapture in the order of the schema."""
    if record[:1] == b"\x00":
        raise Refused("unknown-schema")  # Confluent's format, and there is no registry
    if record[:2] != b"\xc3\x01" or len(record) < 10:
        raise Refused("undecodable")
    if record[2:10] != struct.pack("<Q", fingerprint):
        raise Refused("unknown-schema")
    r = Reader(record[10:])
    fields = [r.text(), r.text(), r.long(), r.nullable(r.long), r.nullable(r.text), r.nullable(r.artifact),
              r.nullable(r.artifact), r.nullable(r.text), r.map(r.artifact), r.map(r.text), r.boolean()]
    if r.at < len(r.data):
        raise Refused("trailing-bytes")
    return fields


def micros(captured_at):
    at = datetime.datetime.strptime(captured_at, "%Y-%m-%dT%H:%M:%S.%fZ")
    since = at - datetime.datetime(1970, 1, 1)
    return (since.days * 86400 + since.seconds) * 1000000 + since.microseconds


def described(capture):
    """What decode() must give."""
    def artifact(a):
        return a and (a["content_type"], artifact_bytes(a))
    return [capture["session_id"], capture["step_id"], micros(capture["captured_at"]), capture.get("sequence"),
            capture.get("url"), artifact(capture.get("html")), artifact(capture.get("screenshot")),
            capture.get("action"), {n: artifact(a) for n, a in capture.get("attachments", {}).items()},
            capture.get("labels", {}), capture.get("end_of_session", False)]


def fingerprint_of(frozen):
    schema = json.loads((FROZEN / frozen).read_text("utf-8"))
    return crc_64_avro(parsing_canonical_form(schema).encode("utf-8"))


# Chunks

def crc_32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def chunks(prefix, set_id, whole, chunk_bytes):
    """Each chunk of a set as its headers and its value, all in hex."""
    values = [whole[at:at + chunk_bytes] for at in range(0, len(whole), chunk_bytes)] or [b""]
    return [{
        prefix + "id": set_id.hex(),
        prefix + "index": (b"%d" % index).hex(),
        prefix + "count": (b"%d" % len(values)).hex(),
        prefix + "bytes": (b"%d" % len(whole)).hex(),
        prefix + "crc32c": (b"%08x" % crc_32c(whole)).hex(),
        "value": value.hex(),
    } for index, value in enumerate(values)]


def is_chunk(prefix, headers):
    """Whether the headers (name to value) of a record that claims to be a chunk are all there, and in order."""
    try:
        numbers = [headers[prefix + name] for name in ("index", "count", "bytes")]
        set_id, crc = headers[prefix + "id"], headers[prefix + "crc32c"]
    except KeyError:
        return False
    if not all(re.fullmatch(b"0|[1-9][0-9]*", number) for number in numbers):
        return False
    index, count, total = map(int, numbers)
    return (len(set_id) == 16 and re.fullmatch(b"[0-9a-f]{8}", crc) is not None
            and index < count < 2 ** 31 and total < 2 ** 63 and count <= max(1, total))


# The checks

def refuses(function, text):
    try:
        function(text)
        return False
    except ValueError:  # includes UnicodeError
        return True


def check():
    wrong = []
    count = 0

    def same(what, actual, wanted):
        nonlocal count
        count += 1
        if actual != wanted:
            wrong.append("%s:\n  computed %r\n  in file  %r" % (what, actual, wanted))

    ids = json.loads((HERE / "ids.json").read_text("utf-8"))
    for case in ids["encoded"]:
        same("ids.json, " + case["what"], encode_id(case["id"]), case["encoded"])
        same("ids.json, " + case["what"], decode_id(case["encoded"]), case["id"])
    for case in ids["not_an_id"]:
        same("ids.json, refused: " + case["what"], refuses(encode_id, case["id"]), True)
    for case in ids["not_an_encoded_id"]:
        same("ids.json, refused: " + case["what"], refuses(decode_id, case["text"]), True)

    schemas = json.loads((HERE / "fingerprints.json").read_text("utf-8"))
    for frozen, wanted in schemas["fingerprints"].items():
        same(frozen, "%016x" % fingerprint_of(frozen), wanted)

    fingerprint = fingerprint_of("StepCapture.v1.avsc")
    for file in sorted((HERE / "captures/v1").glob("*.json")):
        case = json.loads(file.read_text("utf-8"))
        same(file.name + ", step_json", step_json(case["capture"]), case["step_json"])
        same(file.name + ", revision", revision(case["capture"]), case["revision"])
        for record in case["records"]:
            fields = decode(bytes.fromhex(record["hex"]), fingerprint)
            same(file.name + ", " + record["what"], fields, described(case["capture"]))

    for record in json.loads((HERE / "undecodable.json").read_text("utf-8"))["records"]:
        try:
            reason = "none: it was decoded"
            decode(bytes.fromhex(record["hex"]), fingerprint)
        except Refused as refused:
            reason = str(refused)
        same("undecodable.json, " + record["what"], reason, record["reason"])

    for file in sorted((HERE / "chunks/v1").glob("*.json")):
        case = json.loads(file.read_text("utf-8"))
        for cut in case.get("sets", []):
            same(file.name + ", " + cut["what"],
                 chunks(case["prefix"], bytes.fromhex(cut["id"]), bytes.fromhex(cut["whole"]), cut["chunk_bytes"]),
                 cut["chunks"])
        for record in case.get("records", []):
            headers = {name: bytes.fromhex(value) for name, value in record["headers"].items()}
            same(file.name + ", " + record["what"], is_chunk(case["prefix"], headers), record["is_chunk"])

    for problem in wrong:
        print(problem)
    print("%d checked, %d wrong" % (count, len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(check())
