// The records of a capture, by the documented contract alone (docs/producers.md): Avro's single-object encoding, the
// session id as key, chunks for what is too large for one record. Knows nothing of Kafka.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import avro from "avsc";
import { crc32c } from "./crc32c.js";

/** An untouched broker takes batches of 1 MiB, and a batch with one record has key, headers and framing besides. */
export const CHUNK_BYTES = 900 * 1024;

/** C3 01, and the CRC-64-AVRO fingerprint of StepCapture.avsc, least significant byte first. */
const HEADER = Buffer.from("c301d7d1be17003335e0", "hex");

const type = avro.Type.forSchema(JSON.parse(readFileSync(new URL("StepCapture.avsc", import.meta.url), "utf8")));

/**
 * The event of a capture: an object with the fields of StepCapture.avsc, those left out at their default. `captured_at` is
 * in microseconds since 1970, an artifact is { content_type, data } with a Buffer.
 */
export function encode(capture) {
    return Buffer.concat([HEADER, type.toBuffer(capture)]);
}

/** What must be sent for a capture, in this order: one record, or its chunks. */
export function records(capture, chunkBytes = CHUNK_BYTES, id = randomBytes(16)) {
    const key = Buffer.from(capture.session_id, "utf8");
    const whole = encode(capture);
    if (whole.length <= chunkBytes) {
        return [{ key, value: whole }];
    }
    const count = Math.ceil(whole.length / chunkBytes);
    const crc = crc32c(whole).toString(16).padStart(8, "0");
    return Array.from({ length: count }, (_, index) => ({
        key,
        value: whole.subarray(index * chunkBytes, (index + 1) * chunkBytes),
        headers: {
            "stepvault-chunk-id": id,
            "stepvault-chunk-index": String(index),
            "stepvault-chunk-count": String(count),
            "stepvault-chunk-bytes": String(whole.length),
            "stepvault-chunk-crc32c": crc,
        },
    }));
}
