#!/usr/bin/env python3
"""Walks a site along its links with id="next", and publishes each page as a step.

    python3 crawl.py --bootstrap 127.0.0.1:9092 --start http://127.0.0.1:8000/index.html [--session ID] [--topic TOPIC]

It has no browser: the HTML is as the server sent it, there is no screenshot, and the server's headers are an attachment.
Prints a line of JSON for each step.
"""
import argparse
import datetime
import hashlib
import html.parser
import json
import urllib.parse
import urllib.request
import uuid

from step_publisher import StepPublisher

MAX_STEPS = 50


class NextLink(html.parser.HTMLParser):
    """Finds the link that leads on."""
    href = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "a" and attributes.get("id") == "next":
            self.href = attributes.get("href")


def crawl(publisher, start, session):
    url = start
    for number in range(1, MAX_STEPS + 1):
        with urllib.request.urlopen(url, timeout=30) as answer:
            page, headers = answer.read(), str(answer.headers)
        links = NextLink()
        links.feed(page.decode("utf-8", "replace"))
        last = links.href is None or number == MAX_STEPS
        action = {"type": "stop"} if last else {"type": "click", "selector": "#next", "href": links.href}
        capture = {
            "session_id": session,
            "step_id": "step-%04d" % number,
            "captured_at": datetime.datetime.now(datetime.timezone.utc),
            "url": url,
            "html": {"content_type": "text/html; charset=utf-8", "data": page},
            "action": json.dumps(action),
            "attachments": {"headers.txt": {"content_type": "text/plain", "data": headers.encode("utf-8")}},
            "labels": {"crawler": "examples/python"},
            "end_of_session": last,
        }
        sequence, records = publisher.publish(capture)
        print(json.dumps({
            "session": session, "step": capture["step_id"], "sequence": sequence, "records": records,
            "html": hashlib.sha256(page).hexdigest(), "action": capture["action"],
        }))
        if last:
            return
        url = urllib.parse.urljoin(url, links.href)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--bootstrap", default="127.0.0.1:9092")
    options.add_argument("--topic", default="step-captures")
    options.add_argument("--start", required=True)
    options.add_argument("--session", default="example-python-%s" % uuid.uuid4())
    given = options.parse_args()
    publisher = StepPublisher(given.bootstrap, given.topic)
    try:
        crawl(publisher, given.start, given.session)
    finally:
        publisher.close()


if __name__ == "__main__":
    main()
