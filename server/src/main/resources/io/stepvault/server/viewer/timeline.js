// A whole session on one line of time: a tick per step, pauses as gaps, what is missing in red. Click or drag to go there.

import { el, svg } from "./dom.js";
import { clock, offset } from "./format.js";
import { missingBetween } from "./steps.js";
import { thumbnail } from "./thumbnail.js";

const WIDTH = 1000;
const LABELS = 5;
/** A pointer that only passes by asks for no pictures. */
const SETTLE = 60;

export class Timeline {
    element;
    #entries = [];
    #start = 0;
    #span = 1;
    #ticks = svg("path", { class: "ticks" });
    #missing = svg("path", { class: "ticks missing" });
    #head = el("div", { class: "playhead" });
    #view = el("div", { class: "timeline-view" });
    #labels = el("div", { class: "timeline-labels", "aria-hidden": "true" });
    #track;
    #preview = el("div", { class: "timeline-preview", "aria-hidden": "true", hidden: true });
    #previewed = -1;
    #settling = 0;

    /** `onSeek(index)` is called while someone points at a time. */
    constructor(onSeek) {
        const drawing = svg(
            "svg",
            { viewBox: `0 0 ${WIDTH} 10`, preserveAspectRatio: "none", "aria-hidden": "true" },
            this.#ticks,
            this.#missing,
        );
        this.#track = el(
            "div",
            {
                class: "timeline-track",
                role: "slider",
                tabindex: "0",
                "aria-label": "Step in time",
                "aria-valuemin": "1",
            },
            this.#view,
            drawing,
            this.#head,
        );
        this.element = el("div", { class: "timeline" }, this.#preview, this.#track, this.#labels);
        const at = (event) => {
            const { left, width } = this.#track.getBoundingClientRect();
            return this.#nearest(this.#start + ((event.clientX - left) / width) * this.#span);
        };
        const seek = (event) => onSeek(at(event));
        this.#track.addEventListener("pointerdown", (event) => {
            this.#track.setPointerCapture(event.pointerId);
            seek(event);
        });
        this.#track.addEventListener("pointermove", (event) => {
            if (this.#track.hasPointerCapture(event.pointerId)) {
                seek(event);
            }
            if (event.pointerType === "mouse") {
                this.#look(at(event));
            }
        });
        this.#track.addEventListener("pointerleave", () => this.#look(-1));
    }

    show(entries) {
        this.#entries = entries;
        this.#start = entries[0]?.time ?? 0;
        this.#span = Math.max(1, (entries.at(-1)?.time ?? 1) - this.#start);
        this.#ticks.setAttribute("d", this.#path(entries.map((entry) => entry.time)));
        this.surveyed();
        const labels = Array.from(
            { length: entries.length > 1 ? LABELS : 1 },
            (_, index) => this.#start + (this.#span * index) / (LABELS - 1),
        );
        this.#labels.replaceChildren(
            ...labels.map((time) => el("span", {}, el("b", {}, clock(time)), ` ${offset(time - this.#start)}`)),
        );
        this.#track.setAttribute("aria-valuemax", entries.length);
    }

    /** Draws again what is missing, after more records came in. */
    surveyed() {
        const places = [];
        this.#entries.forEach((entry, index) => {
            if (missingBetween(this.#entries[index - 1], entry)) {
                places.push((this.#entries[index - 1].time + entry.time) / 2);
            }
        });
        this.#missing.setAttribute("d", this.#path(places));
    }

    select(index) {
        const { time } = this.#entries[index];
        this.#head.style.setProperty("left", `${this.#x(time) / (WIDTH / 100)}%`);
        this.#track.setAttribute("aria-valuenow", index + 1);
        this.#track.setAttribute("aria-valuetext", `Step ${index + 1} of ${this.#entries.length}, ${clock(time)}`);
    }

    /** Marks the part that the filmstrip shows. */
    view(first, last) {
        const [left, right] = [first, last].map(
            (index) => this.#x(this.#entries[index]?.time ?? this.#start) / (WIDTH / 100),
        );
        this.#view.style.setProperty("left", `${left}%`);
        this.#view.style.setProperty("width", `${Math.max(0.2, right - left)}%`);
    }

    /** Shows the step under the pointer small; -1 for none. */
    #look(index) {
        if (index === this.#previewed) {
            return;
        }
        this.#previewed = index;
        clearTimeout(this.#settling);
        const entry = this.#entries[index];
        this.#preview.hidden = !entry;
        if (entry) {
            const label = el("span", {}, el("b", {}, String(index + 1)), ` ${clock(entry.time)}`);
            this.#preview.replaceChildren(el("span", { class: "thumb" }), label);
            this.#preview.style.setProperty("--at", `${this.#x(entry.time) / (WIDTH / 100)}%`);
            this.#settling = setTimeout(
                () => this.#preview.firstChild.replaceWith(thumbnail(entry.links, 160, { lazy: false })),
                SETTLE,
            );
        }
    }

    /** A line down at each time; times that fall together share one. */
    #path(times) {
        return [...new Set(times.map((time) => this.#x(time)))].map((x) => `M${x} 0V10`).join("");
    }

    #x(time) {
        return Math.round(((time - this.#start) / this.#span) * WIDTH * 10) / 10;
    }

    #nearest(time) {
        let low = 0;
        let high = this.#entries.length - 1;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.#entries[middle].time < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        const before = this.#entries[low - 1];
        return before && time - before.time < this.#entries[low].time - time ? low - 1 : low;
    }
}
