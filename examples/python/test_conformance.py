"""The records of this example against the conformance kit: python3 -m unittest"""
import base64
import datetime
import json
import os
import pathlib
import unittest

from step_records import records

KIT = pathlib.Path(os.environ.get("CONFORMANCE_KIT", pathlib.Path(__file__).parents[2] / "conformance"))


def artifact(said):
    data = said["text"].encode("utf-8") if "text" in said else base64.b64decode(said["base64"])
    return {"content_type": said["content_type"], "data": data}


def capture_of(said):
    capture = dict(said)
    at = datetime.datetime.strptime(said["captured_at"], "%Y-%m-%dT%H:%M:%S.%fZ")
    capture["captured_at"] = at.replace(tzinfo=datetime.timezone.utc)
    capture.update({name: artifact(said[name]) for name in ("html", "screenshot") if name in said})
    if "attachments" in said:
        capture["attachments"] = {name: artifact(one) for name, one in said["attachments"].items()}
    return capture


class ConformanceTest(unittest.TestCase):
    def test_the_records_are_those_of_the_kit(self):
        files = sorted(KIT.glob("cases/single-*.json")) + [KIT / "cases/chunked-three.json"]
        self.assertGreater(len(files), 5)
        for file in files:
            with self.subTest(file.stem):
                case = json.loads(file.read_text("utf-8"))
                first = case["records"][0]
                headers = {header["name"]: bytes.fromhex(header["value"]) for header in first.get("headers", [])}
                made = records(
                    capture_of(case["capture"]),
                    len(first["value"]) // 2 if headers else 1 << 20,
                    headers.get("stepvault-chunk-id"))
                self.assertEqual(case["records"], [{
                    "key": key.hex(),
                    **({"headers": [{"name": n, "value": v.hex()} for n, v in sent]} if sent else {}),
                    "value": value.hex(),
                } for key, value, sent in made])


if __name__ == "__main__":
    unittest.main()
