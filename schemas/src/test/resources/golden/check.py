#!/usr/bin/env python3
"""A second implementation of ids, revisions and records, to check the golden files with: python3 check.py

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


def a_long(n):
    z = ((n << 1) ^ (n >> 63)) & 0xFFFFFFFFFFFFFFFF
    out = b""
    while z > 0x7F:
        out += bytes([z & 0x7F | 0x80])
        z >>= 7
    return out + bytes([z])


def a_bytes(data):
    return a_long(len(data)) + data


def a_text(text):
    return a_bytes(text.encode("utf-8"))


def an_artifact(artifact):
    return a_text(artifact["content_type"]) + a_bytes(artifact_bytes(artifact))


def nullable(value, write):
    return a_long(0) if value is None else a_long(1) + write(value)


def a_map(entries, write, in_blocks):
    out = b""
    items = [a_text(key) + write(value) for key, value in entries.items()]
    if in_blocks:
        for item in items:
            out += a_long(-1) + a_long(len(item)) + item
    elif items:
        out += a_long(len(items)) + b"".join(items)
    return out + a_long(0)


def micros(captured_at):
    at = datetime.datetime.strptime(captured_at, "%Y-%m-%dT%H:%M:%S.%fZ")
    since = at - datetime.datetime(1970, 1, 1)
    return (since.days * 86400 + since.seconds) * 1000000 + since.microseconds


def single_object(capture, fingerprint, in_blocks=False):
    return b"\xc3\x01" + struct.pack("<Q", fingerprint) + b"".join([
        a_text(capture["session_id"]),
        a_text(capture["step_id"]),
        a_long(micros(capture["captured_at"])),
        nullable(capture.get("sequence"), a_long),
        nullable(capture.get("url"), a_text),
        nullable(capture.get("html"), an_artifact),
        nullable(capture.get("screenshot"), an_artifact),
        nullable(capture.get("action"), a_text),
        a_map(capture.get("attachments", {}), an_artifact, in_blocks),
        a_map(capture.get("labels", {}), a_text, in_blocks),
        b"\x01" if capture.get("end_of_session") else b"\x00",
    ])


def fingerprint_of(frozen):
    schema = json.loads((FROZEN / frozen).read_text("utf-8"))
    return crc_64_avro(parsing_canonical_form(schema).encode("utf-8"))


def expected(capture, fingerprint):
    records = [{"what": "each map in one block", "hex": single_object(capture, fingerprint).hex()}]
    if capture.get("attachments") or capture.get("labels"):
        records.append({
            "what": "each map entry in a block of its own that says its size in bytes",
            "hex": single_object(capture, fingerprint, in_blocks=True).hex(),
        })
    return {"step_json": step_json(capture), "revision": revision(capture), "records": records}


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
        for name, wanted in expected(case["capture"], fingerprint).items():
            same("%s, %s" % (file.name, name), case[name], wanted)

    for problem in wrong:
        print(problem)
    print("%d checked, %d wrong" % (count, len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(check())
