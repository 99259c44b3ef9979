#!/usr/bin/env python3
"""Compares what a store holds with the captures of the kit: python3 verify.py [API] [CASE ...]

API is a read API of `stepvault serve` or `stepvault dev`: by default http://127.0.0.1:8090/api/v1. Publish the captures of
the cases with your own producer first. Names of cases (single-minimal ...) narrow it down. Standard library only.
"""
import hashlib
import json
import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

CASES = pathlib.Path(__file__).resolve().parent / "cases"
PATIENCE_SECONDS = 30


def in_url(text):
    """An id as it stands in a path: encoded as in keys, and that as every URL is."""
    kept = "".join(
        chr(b) if chr(b).isascii() and (chr(b).isalnum() or chr(b) in "_-" or (chr(b) == "." and i)) else "%%%02X" % b
        for i, b in enumerate(text.encode("utf-8")))
    return urllib.parse.quote(kept, safe="")


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


def stored(url, deadline):
    """The step's latest revision, once there is one: a worker may be at it."""
    while True:
        try:
            return json.loads(get(url))
        except urllib.error.HTTPError as e:
            if e.code != 404 or time.monotonic() > deadline:
                raise
        time.sleep(0.2)


def differences(case, step, url):
    if step["revision"] != case["revision"]:
        yield "revision is %s, expected %s" % (step["revision"], case["revision"])
        expected, found = json.loads(case["step_json"]), step
        for field in ("captured_at", "sequence", "url", "action", "labels", "end_of_session"):
            default = {"labels": {}, "end_of_session": False}.get(field)
            if found.get(field, default) != expected.get(field, default):
                yield "%s is %r, expected %r" % (field, found.get(field, default), expected.get(field, default))
    found = {artifact["name"]: artifact for artifact in step["artifacts"]}
    for name in sorted(found.keys() - case["artifacts"].keys()):
        yield "artifact %s is not of this capture" % name
    for name, expected in case["artifacts"].items():
        if name not in found:
            yield "artifact %s is missing" % name
            continue
        if found[name]["content_type"] != expected["content_type"]:
            yield "content type of %s is %r, expected %r" % (name, found[name]["content_type"], expected["content_type"])
        group, _, attachment = name.partition("/")
        path = group + ("/" + in_url(attachment) if attachment else "")
        sha256 = hashlib.sha256(get("%s/artifacts/%s" % (url, path))).hexdigest()
        if sha256 != expected["sha256"]:
            yield "SHA-256 of %s is %s, expected %s" % (name, sha256, expected["sha256"])


def main(arguments):
    api = arguments[0].rstrip("/") if arguments else "http://127.0.0.1:8090/api/v1"
    wrong = count = 0
    deadline = time.monotonic() + PATIENCE_SECONDS
    for file in sorted(CASES.glob("*.json")):
        case = json.loads(file.read_text("utf-8"))
        if "capture" not in case or (arguments[1:] and file.stem not in arguments[1:]):
            continue
        count += 1
        capture = case["capture"]
        url = "%s/sessions/%s/steps/%s" % (api, in_url(capture["session_id"]), in_url(capture["step_id"]))
        try:
            found = list(differences(case, stored(url, deadline), url))
        except urllib.error.HTTPError as e:
            found = ["not there" if e.code == 404 else "the API answers %d" % e.code]
        except OSError as e:
            sys.exit("verify.py: no answer from %s (%s); is `stepvault dev` up?" % (api, e))
        for line in found:
            print("%s: %s" % (file.stem, line))
        wrong += 1 if found else 0
    print("%d captures, %d wrong" % (count, wrong))
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
