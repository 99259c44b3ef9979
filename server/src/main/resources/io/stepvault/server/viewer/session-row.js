// One session in the list. What is not in the listing is fetched when the row comes into view.

import { getJson, withQuery } from "./api.js";
import { el, icon } from "./dom.js";
import { ago, bytes, clock, count, duration, instant, number } from "./format.js";
import { details } from "./queue.js";
import { hashOf } from "./router.js";
import { thumbnail } from "./thumbnail.js";

const LIVE = 60_000;
const RECENT = 600_000;
const PICTURES = 4;
/** A row that only flies by asks for nothing. */
const SETTLE = 80;

const age = (summary) => Date.now() - Date.parse(summary.last_captured_at);

/** Whether steps came in the last minute. */
export const isLive = (summary) => age(summary) < LIVE;

/** Whether more steps may come. */
export const isRecent = (summary) => age(summary) < RECENT;

/** What was fetched about sessions, by session. */
export class Summaries {
    #known = new Map();

    known(item) {
        return this.#known.get(item.links.self);
    }

    /** The session's summary, with `pictures`: links of a few of its steps, the last one among them. */
    async fetch(item, signal) {
        const summary = await details.run((own) => getJson(item.links.self, { signal: own }), signal);
        const before = this.known(item);
        summary.pictures =
            before?.steps === summary.steps ? before.pictures : await this.#pictures(item, summary, signal);
        this.#known.set(item.links.self, summary);
        return summary;
    }

    async #pictures(item, summary, signal) {
        const ends = [summary.first_step, summary.last_step].filter(Boolean);
        if (summary.steps <= ends.length) {
            return summary.steps === 1 ? ends.slice(-1) : ends;
        }
        const path = withQuery(item.links.steps, { limit: PICTURES });
        const { steps } = await details.run((own) => getJson(path, { signal: own }), signal);
        const first = steps.filter((step) => step.step_id !== summary.last_step.step_id).slice(0, PICTURES - 1);
        return [...first, summary.last_step];
    }
}

export function sessionRow(item, summaries, signal) {
    const facts = el("div", { class: "facts" });
    const pictures = el("div", { class: "pictures", "aria-hidden": "true" });
    const link = el(
        "a",
        { class: "session-link", href: hashOf(item.links.self) },
        el(
            "div",
            { class: "session-text" },
            el("div", { class: "session-id" }, el("span", { class: "id" }, item.session_id)),
            facts,
        ),
        pictures,
    );
    const row = el(
        "div",
        { class: "session-row", role: "listitem", dataset: { key: `${item.day}/${item.session_id}` } },
        link,
    );
    const known = summaries.known(item);
    if (known) {
        fill(link, known);
    } else {
        facts.append(el("span", { class: "skeleton line" }));
        const timer = setTimeout(() => {
            summaries.fetch(item, signal).then(
                (summary) => fill(link, summary),
                (error) => !signal.aborted && fail(link, error),
            );
        }, SETTLE);
        signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    }
    return row;
}

function fill(link, summary) {
    const first = Date.parse(summary.first_captured_at);
    const last = Date.parse(summary.last_captured_at);
    const sameDay = summary.first_captured_at.slice(0, 10) === summary.last_captured_at.slice(0, 10);
    const time = (millis) =>
        el("time", { datetime: new Date(millis).toISOString(), title: instant(millis) }, clock(millis));
    link.querySelector(".session-id .badge")?.remove();
    if (isLive(summary)) {
        link.querySelector(".session-id").append(el("span", { class: "badge live" }, "live"));
    }
    const span = summary.steps > 1 ? [time(first), " – ", time(last), sameDay ? "" : " (over days)"] : [time(last)];
    const facts = [
        el("span", { class: "fact strong" }, count(summary.steps, "step")),
        el("span", { class: "fact" }, icon("clock"), ...span),
        summary.steps > 1 && el("span", { class: "fact" }, duration(last - first)),
        isRecent(summary) && el("span", { class: "fact" }, ago(last)),
        summary.bytes !== undefined && el("span", { class: "fact faint" }, bytes(summary.bytes)),
    ];
    link.querySelector(".facts").replaceChildren(...facts.filter(Boolean));
    const more = summary.steps - summary.pictures.length;
    const shown = summary.pictures.map((step) => thumbnail(step.links, 160));
    if (more > 0) {
        shown.splice(-1, 0, el("span", { class: "more" }, `+${number(more)}`));
    }
    link.querySelector(".pictures").replaceChildren(...shown);
}

function fail(link, error) {
    const text = error.kind === "absent" ? "deleted meanwhile" : error.message;
    link.querySelector(".facts").replaceChildren(el("span", { class: "fact faint" }, icon("alert"), text));
}
