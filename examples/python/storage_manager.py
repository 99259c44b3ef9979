#!/usr/bin/env python3
"""A storage manager of two calls, on top of Stepvault: what is stored is published, what is retrieved comes from the read
API of `stepvault serve`. For programs that have had such a class of their own (docs/migrating.md).

    python3 storage_manager.py --bootstrap 127.0.0.1:9092 --api http://127.0.0.1:8090/api/v1

stores a step, waits until it can be read, and prints what it has read.
"""
import argparse
import datetime
import hashlib
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

from step_publisher import StepPublisher


class StorageManager:
    """One thread at a time may use it."""

    def __init__(self, bootstrap, api, token=None, topic="step-captures"):
        self._publisher = StepPublisher(bootstrap, topic)
        self._api = api.rstrip("/")
        self._headers = {"Authorization": "Bearer " + token} if token else {}

    def store_step_data(self, session_id, step_id, data, last=False):
        """Returns once the brokers have the step; a worker stores it within seconds, at once if it is the session's last.

        `data` may have `html` (str), `screenshot` (PNG, bytes), `action` (anything that JSON can say), `url` (str),
        `metadata` (str to str) and `attachments` (name to bytes). Raises step_publisher.NotPublished.
        """
        capture = {
            "session_id": session_id,
            "step_id": step_id,
            "captured_at": datetime.datetime.now(datetime.timezone.utc),
            "labels": data.get("metadata", {}),
            "attachments": {
                name: {"content_type": "application/octet-stream", "data": content}
                for name, content in data.get("attachments", {}).items()},
            "end_of_session": last,
        }
        if "html" in data:
            capture["html"] = {"content_type": "text/html; charset=utf-8", "data": data["html"].encode("utf-8")}
        if "screenshot" in data:
            capture["screenshot"] = {"content_type": "image/png", "data": data["screenshot"]}
        if "action" in data:
            capture["action"] = json.dumps(data["action"])
        if "url" in data:
            capture["url"] = data["url"]
        self._publisher.publish(capture)
        self._publisher.flush()

    def retrieve_step_data(self, session_id, step_id, wait_seconds=0):
        """The latest capture of a step as it was given to store_step_data, or None if there is none within the time."""
        path = "%s/sessions/%s/steps/%s" % (self._api, in_url(session_id), in_url(step_id))
        step = self._step(path, time.monotonic() + wait_seconds)
        if step is None:
            return None
        data = {"metadata": step["labels"], "attachments": {}}
        for artifact in step["artifacts"]:
            content = self._get(urllib.parse.urljoin(self._api, artifact["links"]["self"]))
            if hashlib.sha256(content).hexdigest() != artifact["sha256"]:
                raise IOError("%s of %s is not what was stored" % (artifact["name"], path))
            group, _, name = artifact["name"].partition("/")
            if name:
                data[group][name] = content
            else:
                data[group] = content.decode("utf-8") if group == "html" else content
        if "action" in step:
            data["action"] = json.loads(step["action"])
        if "url" in step:
            data["url"] = step["url"]
        return data

    def close(self):
        self._publisher.close()

    def _step(self, path, deadline):
        while True:
            try:
                return json.loads(self._get(path))
            except urllib.error.HTTPError as e:
                if e.code != 404:
                    raise
            if time.monotonic() >= deadline:
                return None
            time.sleep(0.2)

    def _get(self, url):
        with urllib.request.urlopen(urllib.request.Request(url, headers=self._headers), timeout=30) as answer:
            return answer.read()


def in_url(text):
    """An id as it stands in the API's paths: encoded as in keys, and that as every URL is."""
    kept = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
    encoded = "".join(
        chr(b) if b in kept or (b == ord(".") and i) else "%%%02X" % b for i, b in enumerate(text.encode("utf-8")))
    return urllib.parse.quote(encoded, safe="")


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--bootstrap", default="127.0.0.1:9092")
    options.add_argument("--api", default="http://127.0.0.1:8090/api/v1")
    options.add_argument("--session", default="storage manager/%s" % uuid.uuid4())
    given = options.parse_args()
    manager = StorageManager(given.bootstrap, given.api)
    stored = {
        "html": "<h1>Olá</h1>",
        "screenshot": b"\x89PNG\r\n\x1a\n",
        "action": {"type": "click", "selector": "#buy"},
        "url": "https://shop.example/",
        "metadata": {"run": "17"},
        "attachments": {"console log.txt": b"ok\n"},
    }
    manager.store_step_data(given.session, "step 1", stored, last=True)
    read = manager.retrieve_step_data(given.session, "step 1", wait_seconds=30)
    print("as stored" if read == stored else "stored %r\nread   %r" % (stored, read))
    print("never stored:", manager.retrieve_step_data(given.session, "step 2"))
    manager.close()


if __name__ == "__main__":
    main()
