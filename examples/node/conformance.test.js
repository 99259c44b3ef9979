// The records of this example against the conformance kit: node --test

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { records } from "./records.js";

const kit = new URL(process.env.CONFORMANCE_KIT ?? "../../conformance/", import.meta.url);

for (const file of readdirSync(new URL("cases/", kit)).filter((name) => /^(single-|chunked-three)/.test(name))) {
    const expected = JSON.parse(readFileSync(new URL(`cases/${file}`, kit), "utf8"));

    test(`${file}: ${expected.what}`, () => {
        const first = expected.records[0];
        const chunkBytes = first.headers ? first.value.length / 2 : undefined;
        const id = first.headers && Buffer.from(first.headers.find((header) => header.name.endsWith("-id")).value, "hex");
        const made = records(captureOf(expected.capture), chunkBytes, id);
        assert.deepEqual(made.map(described), expected.records);
    });
}

function captureOf(fields) {
    const capture = {
        ...fields,
        captured_at: Date.parse(`${fields.captured_at.slice(0, 23)}Z`) * 1000 + Number(fields.captured_at.slice(23, 26)),
    };
    for (const name of ["html", "screenshot"]) {
        if (fields[name]) {
            capture[name] = artifactOf(fields[name]);
        }
    }
    if (fields.attachments) {
        capture.attachments = Object.fromEntries(
            Object.entries(fields.attachments).map(([name, artifact]) => [name, artifactOf(artifact)]));
    }
    return capture;
}

function artifactOf({ content_type, text, base64 }) {
    return { content_type, data: text === undefined ? Buffer.from(base64, "base64") : Buffer.from(text, "utf8") };
}

function described({ key, headers, value }) {
    return {
        key: key.toString("hex"),
        ...(headers && {
            headers: Object.entries(headers).map(([name, content]) => ({
                name,
                value: Buffer.from(content).toString("hex"),
            })),
        }),
        value: value.toString("hex"),
    };
}
