// The steps of a session side by side. Long pauses take room, and missing captures are marked where they are missing.

import { readAction, shortUrl, targetOf } from "./action.js";
import { screenshotOf } from "./artifacts.js";
import { el, icon } from "./dom.js";
import { clock, count, duration, offset } from "./format.js";
import { hashOf } from "./router.js";
import { missingBetween } from "./steps.js";
import { showOriginal, thumbnail } from "./thumbnail.js";
import { WindowedList } from "./windowed.js";

const CARD = 208;
const GUTTER = 10;
const MISSING = 34;
const SHORTEST_PAUSE = 10_000;
/** Pictures and records of cards that only fly by are not asked for. */
const SETTLE = 60;

export class Filmstrip {
    element;
    #steps;
    #list;
    #content = el("div", { class: "windowed strip", role: "list", "aria-label": "Steps by time" });
    #selected = -1;
    #onSelect;
    #pause = SHORTEST_PAUSE;
    #relayout = 0;

    /** `onSelect(index)`: a card was chosen. `onView(first, last)`: the cards in view changed. */
    constructor(steps, { onSelect, onView, signal }) {
        this.#steps = steps;
        this.#onSelect = onSelect;
        this.element = el("div", { class: "filmstrip" }, this.#content);
        this.#list = new WindowedList(this.element, this.#content, {
            axis: "x",
            render: (index, own) => this.#card(index, own),
            onRange: () => onView(...this.#list.range()),
            signal,
        });
        // A wheel without a sideways motion moves the strip too.
        const wheel = (event) => {
            if (!event.deltaX && !event.ctrlKey) {
                this.element.scrollLeft += event.deltaY;
                event.preventDefault();
            }
        };
        this.element.addEventListener("wheel", wheel, { passive: false, signal });
    }

    /** Lays the cards out, after the steps or what is known about them changed. */
    show() {
        const { entries } = this.#steps;
        const pauses = entries.slice(1).map((entry, index) => entry.time - entries[index].time);
        const median = [...pauses].sort((a, b) => a - b)[pauses.length >> 1] ?? 0;
        this.#pause = Math.max(SHORTEST_PAUSE, median * 5);
        this.#list.items(
            entries.map((entry, index) => `${entry.key} ${entry.revision} ${this.#missing(index)} ${index}`),
            (index) => CARD + this.#gutter(index),
        );
    }

    select(index, options) {
        const old = this.#selected;
        this.#selected = index;
        this.#list.element(old)?.querySelector(".card").removeAttribute("aria-current");
        this.#list.element(index)?.querySelector(".card").setAttribute("aria-current", "step");
        this.#list.reveal(index, options);
    }

    /** The card's link, for the focus. */
    link(index) {
        return this.#list.element(index)?.querySelector(".card");
    }

    #missing(index) {
        const { entries } = this.#steps;
        return missingBetween(entries[index - 1], entries[index]);
    }

    #pauseBefore(index) {
        const { entries } = this.#steps;
        const pause = index > 0 ? entries[index].time - entries[index - 1].time : 0;
        return pause >= this.#pause ? pause : 0;
    }

    /** The room before a card: longer pauses take more of it, by their logarithm. */
    #gutter(index) {
        const pause = this.#pauseBefore(index);
        const room = pause ? 44 + Math.min(120, 18 * Math.log2(pause / this.#pause)) : GUTTER;
        return room + (this.#missing(index) ? MISSING : 0);
    }

    #card(index, signal) {
        const entry = this.#steps.entries[index];
        const start = this.#steps.entries[0].time;
        const pause = this.#pauseBefore(index);
        const missing = this.#missing(index);
        const caption = el("div", { class: "caption" }, el("span", { class: "skeleton line" }));
        const card = el(
            "a",
            {
                class: "card",
                href: hashOf(entry.links.latest),
                draggable: "false",
                "aria-current": index === this.#selected && "step",
            },
            el("span", { class: "card-picture" }),
            el(
                "span",
                { class: "card-time" },
                el("span", { class: "card-number" }, String(index + 1)),
                el("time", { datetime: entry.captured_at }, clock(entry.time)),
                el("span", { class: "faint" }, offset(entry.time - start)),
            ),
            caption,
        );
        card.addEventListener("click", (event) => {
            // A first click chooses; on the chosen card it follows the link.
            if (index !== this.#selected && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
                event.preventDefault();
                this.#onSelect(this.#steps.entries.indexOf(entry));
            }
        });
        const timer = setTimeout(() => this.#fill(card, caption, entry, signal), SETTLE);
        signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
        return el(
            "div",
            { class: "frame", role: "listitem" },
            el(
                "div",
                { class: "gutter" },
                pause > 0 &&
                    el(
                        "span",
                        { class: "pause", title: `Nothing for ${duration(pause)}` },
                        icon("clock"),
                        duration(pause),
                    ),
                missing > 0 &&
                    el(
                        "span",
                        { class: "missing", title: `${count(missing, "capture")} missing here, by sequence number` },
                        `${missing} missing`,
                    ),
            ),
            card,
        );
    }

    async #fill(card, caption, entry, signal) {
        const picture = thumbnail(entry.links, 320);
        card.querySelector(".card-picture").append(picture);
        try {
            const record = await this.#steps.record(entry, signal);
            if (signal.aborted) {
                return;
            }
            const screenshot = screenshotOf(record);
            if (screenshot) {
                picture
                    .querySelector("img")
                    ?.addEventListener("error", () => showOriginal(picture, screenshot.links.self));
                showOriginal(picture, screenshot.links.self);
            }
            const action = readAction(record.action);
            caption.replaceChildren(
                el("span", { class: "verb" }, action.verb ?? (record.action ? "action" : "no action")),
                el("span", { class: "target" }, targetOf(action)),
                el("span", { class: "url" }, shortUrl(record.url ?? action.url)),
            );
            this.#surveyed();
        } catch (error) {
            if (!signal.aborted) {
                caption.replaceChildren(
                    el("span", { class: "target" }, error.kind === "expired" ? "expired" : error.message),
                );
            }
        }
    }

    /** With records come sequence numbers, and with them gaps that need room. */
    #surveyed() {
        cancelAnimationFrame(this.#relayout);
        this.#relayout = requestAnimationFrame(() => {
            const { entries } = this.#steps;
            const known = entries.filter((_, index) => this.#missing(index)).length;
            if (known !== this.#gaps) {
                this.#gaps = known;
                this.show();
            }
        });
    }

    #gaps = 0;
}
