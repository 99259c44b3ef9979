// Confluent's own client, on the bytes that the test gives it, one JSON object per line:
//   {"do": "serialize", "topic": ..., "capture": {...}}  -> {"hex": ...}
//   {"do": "deserialize", "topic": ..., "hex": ...}      -> {"capture": {...}}
// Bytes in a capture are hex under "hex", longs are decimal text.
'use strict';

const readline = require('node:readline');
const { SchemaRegistryClient, SerdeType, AvroSerializer, AvroDeserializer } = require('@confluentinc/schemaregistry');

const client = new SchemaRegistryClient({ baseURLs: [process.argv[2]] });
const serializer = new AvroSerializer(client, SerdeType.VALUE, { autoRegisterSchemas: false, useLatestVersion: true });
const deserializer = new AvroDeserializer(client, SerdeType.VALUE, {});

function artifactIn(value) {
  return value == null ? null : { content_type: value.content_type, data: Buffer.from(value.hex, 'hex') };
}

function artifactOut(value) {
  return value == null ? null : { content_type: value.content_type, hex: Buffer.from(value.data).toString('hex') };
}

function mapped(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}

function captureIn(json) {
  return {
    ...json,
    captured_at: Number(json.captured_at),
    sequence: json.sequence == null ? null : Number(json.sequence),
    html: artifactIn(json.html),
    screenshot: artifactIn(json.screenshot),
    attachments: mapped(json.attachments, artifactIn),
  };
}

// Avro's unions come wrapped in an object with the branch's name, or plain, as the library sees fit.
function plain(value) {
  if (value != null && typeof value === 'object' && !Buffer.isBuffer(value)) {
    const names = Object.keys(value);
    if (names.length === 1 && ['string', 'long', 'io.stepvault.event.Artifact'].includes(names[0])) {
      return value[names[0]];
    }
  }
  return value;
}

function captureOut(value) {
  return {
    session_id: value.session_id,
    step_id: value.step_id,
    captured_at: String(value.captured_at),
    sequence: plain(value.sequence) == null ? null : String(plain(value.sequence)),
    url: plain(value.url),
    html: artifactOut(plain(value.html)),
    screenshot: artifactOut(plain(value.screenshot)),
    action: plain(value.action),
    attachments: mapped(value.attachments, artifactOut),
    labels: { ...value.labels },
    end_of_session: value.end_of_session,
  };
}

async function answer(request) {
  if (request.do === 'serialize') {
    const bytes = await serializer.serialize(request.topic, captureIn(request.capture));
    return { hex: Buffer.from(bytes).toString('hex') };
  }
  const value = await deserializer.deserialize(request.topic, Buffer.from(request.hex, 'hex'));
  return { capture: captureOut(value) };
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let reply;
    try {
      reply = await answer(JSON.parse(line));
    } catch (e) {
      reply = { error: String(e && e.stack) };
    }
    process.stdout.write(JSON.stringify(reply) + '\n');
  }
  process.exit(0);
})();
