// Compares two texts line by line, away from the page, so that it stays smooth.

import { diffLines } from "./vendor/diff/diff/line.js";

const PATIENCE = 10_000;

onmessage = ({ data: { before, after } }) => {
    const changes = diffLines(before, after, { timeout: PATIENCE });
    // Nothing comes back when it takes too long.
    postMessage(
        changes?.map(({ added, removed, count }) => ({ kind: added ? "+" : removed ? "-" : " ", count })) ?? null,
    );
};
