// Shows text with line numbers and colours. Only what is in view is in the document, so megabytes stay smooth.

import { el } from "./dom.js";
import { WindowedList } from "./windowed.js";

export const LINE_HEIGHT = 20;
const NARROWEST = 40;

/** Where rows start and end in a text, and the numbers of their lines; 0 for a row in which a long line goes on. */
function rowsOf(text, columns) {
    const rows = [];
    let line = 0;
    for (let start = 0; start <= text.length;) {
        const newline = text.indexOf("\n", start);
        const end = newline < 0 ? text.length : newline;
        line++;
        let at = start;
        do {
            const stop = Math.min(at + columns, end);
            rows.push({ start: at, end: stop, line: at === start ? line : 0 });
            at = stop;
        } while (at < end);
        start = end + 1;
    }
    return rows;
}

function countLines(text) {
    let lines = 1;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
        lines++;
    }
    return lines;
}

/**
 * A scrolling view of `text`. `tokens` are its coloured parts. Gives { element, lines, mark(ranges), reveal(offset) }:
 * `mark` highlights ranges { start, end, kind } of the text (in order, not overlapping), `reveal` scrolls to an offset.
 */
export function codeView({ text, tokens, label, signal }) {
    const lines = countLines(text);
    const gutter = String(lines).length + 3;
    const ruler = el("span", { class: "ruler", "aria-hidden": "true" }, "0".repeat(100));
    const content = el("div", { class: "windowed" });
    const element = el("div", { class: "code", tabindex: "0", role: "region", "aria-label": label }, content, ruler);
    element.style.setProperty("--code-gutter", `${gutter}ch`);
    let rows = [];
    let columns = 0;
    let wanted = null;
    let marked = [];
    const list = new WindowedList(element, content, { render: (index) => row(rows[index]), signal });

    function row({ start, end, line }) {
        const parts = [];
        let at = start;
        for (const range of overlapping(marked, start, end)) {
            parts.push(...spans(at, Math.max(at, range.start)));
            const stop = Math.min(range.end, end);
            parts.push(el("mark", { class: range.kind }, ...spans(Math.max(at, range.start), stop)));
            at = stop;
        }
        parts.push(...spans(at, end));
        return el(
            "div",
            { class: "code-row" },
            el("span", { class: "line-number", "aria-hidden": "true" }, line ? String(line) : "↳"),
            el("code", {}, ...parts),
        );
    }

    function spans(start, end) {
        return start >= end
            ? []
            : tokens
                  .between(text, start, end)
                  .map(([kind, part]) => (kind === "plain" ? part : el("span", { class: `t-${kind}` }, part)));
    }

    /** Lines are broken at the width that there is, and again when it changes. */
    function fit() {
        const width = ruler.getBoundingClientRect().width / ruler.textContent.length;
        const fitting = Math.max(NARROWEST, Math.floor(element.clientWidth / width) - gutter - 2);
        if (width && fitting !== columns) {
            columns = fitting;
            rows = rowsOf(text, columns);
            list.items(
                rows.map((_, index) => `${columns} ${index}`),
                () => LINE_HEIGHT,
            );
            reveal(wanted);
        }
    }

    function reveal(offset) {
        wanted = offset;
        const index = offset === null ? -1 : rows.findIndex((each) => offset <= each.end);
        if (index >= 0) {
            list.reveal(index, { centre: true });
        }
    }

    const observer = new ResizeObserver(fit);
    observer.observe(element);
    signal.addEventListener("abort", () => observer.disconnect());
    return {
        element,
        lines,
        mark(ranges) {
            marked = ranges;
            const [first, last] = list.length ? list.range() : [0, -1];
            for (let index = Math.max(0, first - 100); index <= last + 100; index++) {
                list.redraw(index);
            }
        },
        reveal,
    };
}

function overlapping(ranges, start, end) {
    let low = 0;
    let high = ranges.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (ranges[middle].end > start) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    const found = [];
    for (let index = low; index < ranges.length && ranges[index].start < end; index++) {
        found.push(ranges[index]);
    }
    return found;
}
