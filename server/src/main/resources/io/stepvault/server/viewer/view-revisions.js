// The revisions of a step, two of them side by side.

import { getJson, withQuery } from "./api.js";
import { screenshotOf } from "./artifacts.js";
import { el } from "./dom.js";
import { count, instant } from "./format.js";
import { hashOf } from "./router.js";
import { note, skeleton } from "./states.js";
import { thumbnail } from "./thumbnail.js";
import { compareRecords } from "./view-diff.js";

const MOST = 1_000;

export async function revisionsView({ record }, panel, signal) {
    panel.replaceChildren(skeleton("lines", 6));
    const { revisions, next } = await getJson(withQuery(record.links.revisions, { limit: MOST }), { signal });
    if (signal.aborted) {
        return;
    }
    if (revisions.length < 2) {
        panel.replaceChildren(note("check", "This step was captured once: it has one revision."));
        return;
    }
    const later = revisions.findIndex((each) => each.revision === record.revision);
    const chosen = [Math.max(0, later - 1), later > 0 ? later : 1];
    const sides = [0, 1].map((side) => new Side(revisions, side, chosen, () => show()));
    const diffs = el("div", { class: "revision-diffs" });
    const text = `${count(revisions.length, "revision")}${next ? " and more; these are the oldest" : ""}. The latest by capture time counts.`;
    panel.replaceChildren(
        el("p", { class: "hint" }, text),
        el("div", { class: "sides" }, ...sides.map((side) => side.element)),
        diffs,
    );
    let comparing = new AbortController();
    signal.addEventListener("abort", () => comparing.abort());

    async function show() {
        comparing.abort();
        comparing = new AbortController();
        const own = comparing.signal;
        diffs.replaceChildren();
        const records = await Promise.all(chosen.map((index) => getJson(revisions[index].links.self, { signal: own })));
        sides.forEach((side, index) => side.show(records[index]));
        await compareRecords(records[0], records[1], diffs, own).catch((error) => {
            if (!own.aborted) {
                throw error;
            }
        });
    }

    await show();
}

class Side {
    element;
    #body = el("div", { class: "side-body" });

    constructor(revisions, side, chosen, onchange) {
        const select = el(
            "select",
            { "aria-label": side ? "Right revision" : "Left revision" },
            ...revisions.map(({ captured_at: at }, index) =>
                el(
                    "option",
                    { value: index, selected: index === chosen[side] },
                    `${index + 1}. ${instant(Date.parse(at))}${index === revisions.length - 1 ? ", latest" : ""}`,
                ),
            ),
        );
        select.addEventListener("change", () => {
            chosen[side] = Number(select.value);
            onchange();
        });
        this.element = el("section", { class: "side", "aria-label": side ? "Right" : "Left" }, select, this.#body);
    }

    show(record) {
        const original = screenshotOf(record)?.links.self;
        const picture = thumbnail(original ? record.links : {}, 640, {
            alt: "Screenshot of this revision",
            lazy: false,
            original,
        });
        this.#body.replaceChildren(
            el(
                "a",
                { href: hashOf(record.links.self), class: "side-picture", "aria-label": "Open this revision" },
                picture,
            ),
            el("code", { class: "faint id" }, record.revision),
        );
    }
}
