// Two texts line by line: what came, what went, and a little around it.

import { LINE_HEIGHT } from "./code-view.js";
import { el, iconButton } from "./dom.js";
import { count, number } from "./format.js";
import { note, skeleton } from "./states.js";
import { diffWordsWithSpace } from "./vendor/diff/diff/word.js";
import { WindowedList } from "./windowed.js";

const CONTEXT = 3;
const LONG_LINE = 1_000;
const LONGEST_SHOWN = 1_000;
const LONGEST_BY_WORD = 600;
const TALLEST = 14;

/**
 * A section that compares `before` with `after`. `grows`: it is as tall as its rows, up to 14 of them. Gives
 * { element, done, move(by) }: `done` resolves when it is shown, `move` goes to the next or previous change.
 */
export function diffSection(title, before, after, { grows = false, signal }) {
    const said = el("span", { class: "diff-count", role: "status" });
    const body = el("div", { class: "diff-body" }, skeleton("lines", 4));
    const tools = el("div", { class: "toolbar" }, el("h2", {}, title), said, el("span", { class: "spacer" }));
    const element = el("section", { class: `diff ${grows ? "grows" : ""}`, "aria-label": title }, tools, body);
    const section = { element, move: () => {}, done: null };
    section.done = compare(before, after, signal).then((result) => {
        if (signal.aborted) {
            return;
        }
        if (result === null) {
            body.replaceChildren(
                note(
                    "alert",
                    "These two are too different, or too large, to be compared in reasonable time. Both can be downloaded.",
                ),
            );
            return;
        }
        const { added, removed } = result;
        if (!added && !removed) {
            body.replaceChildren(el("p", { class: "same" }, "No difference."));
            return;
        }
        said.replaceChildren(
            el("span", { class: "plus" }, `+${number(added)}`),
            " ",
            el("span", { class: "minus" }, `−${number(removed)}`),
        );
        said.title = `${count(added, "line")} added, ${count(removed, "line")} removed`;
        if (result.split) {
            tools.append(el("span", { class: "faint" }, "Long lines are broken before each tag."));
        }
        const rows = new DiffRows(result, { title, grows, signal });
        section.move = (by) => rows.move(by);
        if (rows.changes > 1) {
            const step = (name, label, by) =>
                iconButton(name, label, () => rows.move(by), { class: "icon-button turned" });
            tools.append(step("previous", "Previous change (N)", -1), step("next", "Next change (n)", 1));
        }
        body.replaceChildren(rows.element);
        rows.show();
    });
    // Whoever waits for it hears of a failure; an abort before that is none.
    section.done.catch(() => {});
    return section;
}

/** { before, after (lines), changes, added, removed, split }, or null when it takes too long. */
async function compare(before, after, signal) {
    const split = [before, after].some((text) => text.split("\n").some((line) => line.length > LONG_LINE));
    const texts = [before, after].map((text) => (split ? text.replace(/>\s*</g, ">\n<") : text));
    const lines = texts.map((text) => text.split("\n"));
    if (texts[0] === texts[1]) {
        return { added: 0, removed: 0 };
    }
    const changes = await work({ before: `${texts[0]}\n`, after: `${texts[1]}\n` }, signal);
    const total = (kind) =>
        (changes ?? []).filter((change) => change.kind === kind).reduce((sum, change) => sum + change.count, 0);
    return changes && { before: lines[0], after: lines[1], changes, added: total("+"), removed: total("-"), split };
}

function work(message, signal) {
    return new Promise((resolve, reject) => {
        const worker = new Worker(new URL("diff-worker.js", import.meta.url), { type: "module" });
        const end = (settle, value) => {
            worker.terminate();
            settle(value);
        };
        worker.onmessage = ({ data }) => end(resolve, data);
        worker.onerror = () => end(reject, new Error("The comparison failed"));
        signal.addEventListener("abort", () => end(reject, signal.reason), { once: true });
        worker.postMessage(message);
    });
}

/** The rows of a comparison; unchanged stretches are folded until someone opens them. */
class DiffRows {
    element;
    #result;
    #rows = [];
    #list;
    #grows;

    constructor(result, { title, grows, signal }) {
        this.#result = result;
        this.#grows = grows;
        this.#build();
        const content = el("div", { class: "windowed" });
        this.element = el(
            "div",
            { class: "code diff-code", tabindex: "0", role: "region", "aria-label": `${title}, changed lines` },
            content,
        );
        const longest = Math.max(...this.#rows.map((row) => Math.min(this.#text(row).length, LONGEST_SHOWN)));
        content.style.setProperty("min-width", `calc(${longest + 2}ch + var(--code-gutter))`);
        const digits = String(Math.max(result.before.length, result.after.length)).length;
        this.element.style.setProperty("--number-width", `${digits + 1}ch`);
        this.element.style.setProperty("--code-gutter", `${2 * digits + 6}ch`);
        this.#list = new WindowedList(this.element, content, { render: (index) => this.#render(index), signal });
    }

    get changes() {
        return this.#rows.filter((row, index) => this.#begins(row, index)).length;
    }

    show() {
        if (this.#grows) {
            this.element.style.setProperty("height", `${Math.min(this.#rows.length, TALLEST) * LINE_HEIGHT + 16}px`);
        }
        this.#list.items(
            this.#rows.map((row) => `${row.kind} ${row.a} ${row.b} ${row.count ?? ""}`),
            () => LINE_HEIGHT,
        );
    }

    /** Goes to the next change below the top of what is in view, or above it. */
    move(by) {
        const [first, last] = this.#list.range();
        const middle = Math.round((first + last) / 2);
        const starts = this.#rows
            .map((row, index) => (this.#begins(row, index) ? index : -1))
            .filter((index) => index >= 0);
        const from = this.#current ?? (by > 0 ? -1 : middle);
        const next = by > 0 ? starts.find((index) => index > from) : starts.findLast((index) => index < from);
        this.#current = next ?? (by > 0 ? starts[0] : starts.at(-1));
        this.#list.reveal(this.#current, { centre: true });
    }

    #current = null;

    #begins(row, index) {
        return (row.kind === "+" || row.kind === "-") && !["+", "-"].includes(this.#rows[index - 1]?.kind);
    }

    #build() {
        const { changes } = this.#result;
        let a = 0;
        let b = 0;
        changes.forEach(({ kind, count: length }, index) => {
            if (kind === " ") {
                const head = index === 0 ? 0 : CONTEXT;
                const tail = index === changes.length - 1 ? 0 : CONTEXT;
                this.#same(a, b, length, head, tail);
            } else {
                for (let line = 0; line < length; line++) {
                    this.#rows.push(
                        kind === "-" ? { kind, a: a + line, pair: null } : { kind, b: b + line, pair: null },
                    );
                }
                // A line that went and the line that came in its place are compared word by word.
                const gone = changes[index - 1];
                if (kind === "+" && gone?.kind === "-") {
                    const start = this.#rows.length - length - gone.count;
                    for (let line = 0; line < Math.min(length, gone.count); line++) {
                        const [minus, plus] = [this.#rows[start + line], this.#rows[start + gone.count + line]];
                        minus.pair = plus;
                        plus.pair = minus;
                    }
                }
            }
            a += kind === "+" ? 0 : length;
            b += kind === "-" ? 0 : length;
        });
    }

    #same(a, b, length, head, tail) {
        const folded = length - head - tail;
        const push = (from, to) => {
            for (let line = from; line < to; line++) {
                this.#rows.push({ kind: " ", a: a + line, b: b + line });
            }
        };
        if (folded < 2) {
            push(0, length);
            return;
        }
        push(0, head);
        this.#rows.push({ kind: "fold", a: a + head, b: b + head, count: folded });
        push(length - tail, length);
    }

    #text({ kind, a, b }) {
        return kind === "fold" ? "" : kind === "+" ? this.#result.after[b] : this.#result.before[a];
    }

    #render(index) {
        const row = this.#rows[index];
        if (row.kind === "fold") {
            return el(
                "div",
                { class: "code-row fold" },
                el(
                    "button",
                    { type: "button", onclick: () => this.#unfold(row) },
                    `Show ${count(row.count, "unchanged line")}`,
                ),
            );
        }
        const kinds = { " ": "same-line", "+": "plus-line", "-": "minus-line" };
        const line = (value) =>
            el("span", { class: "line-number", "aria-hidden": "true" }, value === undefined ? "" : String(value + 1));
        const sign = el("span", { class: "sign" }, row.kind === "-" ? "−" : row.kind);
        return el(
            "div",
            { class: `code-row ${kinds[row.kind]}` },
            line(row.a),
            line(row.b),
            sign,
            el("code", {}, ...this.#words(row)),
        );
    }

    #words(row) {
        const text = this.#text(row);
        const other = row.pair && this.#text(row.pair);
        const short = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)} …` : text;
        if (!row.pair || text.length > LONGEST_BY_WORD || other.length > LONGEST_BY_WORD) {
            return [short];
        }
        const [before, after] = row.kind === "-" ? [text, other] : [other, text];
        const parts = diffWordsWithSpace(before, after).filter((part) =>
            row.kind === "-" ? !part.added : !part.removed,
        );
        const changed = parts
            .filter((part) => part.added || part.removed)
            .reduce((sum, part) => sum + part.value.length, 0);
        // Where nearly all of a line changed, single words say nothing.
        return changed > text.length * 0.7
            ? [short]
            : parts.map((part) => (part.added || part.removed ? el("mark", {}, part.value) : part.value));
    }

    #unfold(row) {
        const index = this.#rows.indexOf(row);
        const lines = Array.from({ length: row.count }, (_, line) => ({ kind: " ", a: row.a + line, b: row.b + line }));
        this.#rows.splice(index, 1, ...lines);
        this.#current = null;
        this.show();
        this.element.focus({ preventScroll: true });
    }
}
