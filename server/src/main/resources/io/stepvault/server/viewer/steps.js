// The steps of a session by capture time, as far as they were listed, and their records as far as they were needed.

import { getJson, getTagged, withQuery } from "./api.js";
import { details } from "./queue.js";

const PAGE = 5_000;
const DETAILED_PAGE = 200;
/** Records fetched to find where captures are missing. */
const SURVEYED = 5_000;
/** So many are fetched one by one rather than all again. */
const FEW = 20;

export class StepList {
    /** { key, step_id, revision, time (millis), links, record? }; the key is the path of the step's latest revision. */
    entries = [];
    #path;
    #last = { token: "", tag: null, from: 0 };
    #batch = null;

    constructor(sessionPath) {
        this.#path = `${sessionPath}/steps`;
    }

    /** Lists all steps; `onPage()` is called after each page of 5,000. */
    async load(signal, onPage = () => {}) {
        let token = "";
        do {
            const { tag, body } = await getTagged(withQuery(this.#path, { limit: PAGE, page: token }), { signal });
            this.#last = { token, tag, from: this.entries.length };
            this.entries = [...this.entries, ...body.steps.map(entryOf)];
            onPage();
            token = body.next;
        } while (token);
    }

    /** Lists the last page again. Gives the number of steps that were not there before, and whether anything changed. */
    async refresh(signal) {
        const { token, from } = this.#last;
        const { tag, body } = await getTagged(withQuery(this.#path, { limit: PAGE, page: token }), { signal });
        if (tag !== null && tag === this.#last.tag) {
            return { added: 0, changed: false };
        }
        const known = new Map(this.entries.map((entry) => [entry.key, entry]));
        const page = body.steps.map(entryOf).map((entry) => {
            const old = known.get(entry.key);
            return old?.revision === entry.revision ? old : entry;
        });
        const added = page.filter((entry) => !known.has(entry.key)).length;
        const changed =
            added > 0 ||
            page.length !== this.entries.length - from ||
            page.some((entry) => known.get(entry.key) !== entry);
        this.entries = [...this.entries.slice(0, from), ...page];
        this.#last = { token, tag, from };
        if (body.next) {
            this.#last = { token: body.next, tag: null, from: this.entries.length };
        }
        return { added, changed };
    }

    indexOf(key) {
        return this.entries.findIndex((entry) => entry.key === key);
    }

    /** The record of an entry: of a short session all at once, else each on its own. */
    async record(entry, signal) {
        if (!entry.record && this.entries.length <= DETAILED_PAGE) {
            this.#batch ??= this.#survey(DETAILED_PAGE).catch(() => {});
            await this.#batch;
        }
        while (!entry.record) {
            entry.loading ??= this.#fetch(entry, signal).finally(() => (entry.loading = null));
            try {
                await entry.loading;
            } catch (error) {
                // Whoever asked first may have gone away meanwhile.
                if (error.name !== "AbortError" || signal?.aborted) {
                    throw error;
                }
            }
        }
        return entry.record;
    }

    async #fetch(entry, signal) {
        entry.record = await details.run((own) => getJson(entry.links.self, { signal: own }), signal);
    }

    /**
     * Fetches the records of the first 5,000 steps, as far as they are not there, so that missing sequence numbers get
     * their places. `onRecords()` is called after each 200.
     */
    async survey(signal, onRecords) {
        const lacking = this.entries.slice(0, SURVEYED).filter((entry) => !entry.record);
        if (lacking.length > FEW) {
            await this.#survey(SURVEYED, signal, onRecords);
        } else {
            await Promise.all(lacking.map((entry) => this.record(entry, signal)));
            onRecords();
        }
    }

    async #survey(limit, signal, onPage = () => {}) {
        const entries = new Map(this.entries.map((entry) => [entry.links.self, entry]));
        let token = "";
        for (let done = 0; done < limit && token !== undefined; done += DETAILED_PAGE) {
            const body = await getJson(withQuery(this.#path, { detail: true, limit: DETAILED_PAGE, page: token }), {
                signal,
            });
            for (const step of body.steps) {
                const entry = entries.get(step.links.self);
                if (entry && step.record) {
                    entry.record = step.record;
                }
            }
            onPage();
            token = body.next;
        }
    }
}

function entryOf(step) {
    return { ...step, key: step.links.latest, time: Date.parse(step.captured_at) };
}

const KEPT = 3;
const kept = new Map();

/** The list of a session, the same one while it is among the last few asked for. */
export function stepsOf(sessionPath) {
    const list = kept.get(sessionPath) ?? new StepList(sessionPath);
    kept.delete(sessionPath);
    kept.set(sessionPath, list);
    if (kept.size > KEPT) {
        kept.delete(kept.keys().next().value);
    }
    return list;
}

/** How many captures are missing between two neighbours, by their sequence numbers; 0 when it cannot be told. */
export function missingBetween(before, after) {
    const [a, b] = [before?.record?.sequence, after?.record?.sequence];
    return Number.isFinite(a) && Number.isFinite(b) && b > a + 1 ? b - a - 1 : 0;
}
