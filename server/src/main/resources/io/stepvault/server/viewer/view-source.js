// The page's HTML as text: coloured, searchable, with the element that the action's selector names.

import { getJson, getText } from "./api.js";
import { htmlOf } from "./artifacts.js";
import { codeView } from "./code-view.js";
import { copyButton, el, icon, iconButton } from "./dom.js";
import { bytes, count, number } from "./format.js";
import { shortcuts } from "./keyboard.js";
import { hashOf } from "./router.js";
import { Source } from "./selector.js";
import { note, skeleton } from "./states.js";

const LIMIT = 4 * 1024 * 1024;
const MOST_FOUND = 5_000;

export async function sourceView({ record, action, query, before }, panel, signal) {
    const artifact = htmlOf(record);
    if (!artifact) {
        panel.replaceChildren(note("file", "This step has no HTML."));
        return;
    }
    panel.replaceChildren(skeleton("lines", 12));
    const { text, cut } = await getText(artifact, LIMIT, { signal });
    if (signal.aborted) {
        return;
    }
    const source = new Source(text);
    const code = codeView({ text, tokens: source.tokens, label: "HTML source", signal });
    const finder = new Finder(source, code);
    const size = `${count(code.lines, "line")}, ${bytes(artifact.size)}${cut ? `; the first ${bytes(LIMIT)} are shown` : ""}`;
    panel.replaceChildren(
        el(
            "div",
            { class: "toolbar" },
            finder.element,
            el("span", { class: "spacer" }),
            el("span", { class: "faint wide-only" }, size),
            copyButton("Copy the source", () => text),
            el(
                "a",
                {
                    class: "icon-button",
                    href: artifact.links.download,
                    "aria-label": "Download the HTML",
                    title: "Download the HTML",
                },
                icon("download"),
            ),
        ),
        code.element,
    );
    shortcuts({ "/": () => finder.focus(), n: () => finder.move(1), N: () => finder.move(-1) }, signal);
    const selector = query.find ?? action.selector;
    if (selector) {
        const hint = el("p", { class: "hint", role: "status" });
        panel.insertBefore(hint, code.element);
        await explain(hint, finder, selector, query.find ? {} : action, before, signal);
    }
}

/**
 * Shows what the selector finds here. An action leads to the page that is captured with it, so its element is often on
 * the page of the step before: if it is not here, or reads otherwise, it is looked for there.
 */
async function explain(hint, finder, selector, action, before, signal) {
    const { matches, understood } = finder.select(selector);
    const name = el("code", {}, selector);
    if (!understood) {
        hint.replaceChildren("The selector ", name, " is neither CSS nor XPath, so it is not looked for.");
        return;
    }
    const here = matches.length
        ? [name, ` is ${matches.length === 1 ? "here" : `here ${number(matches.length)} times`}.`]
        : [name, " finds nothing on this page."];
    hint.replaceChildren(...here);
    const fits = matches.some((match) => !action.text || match.text === action.text.trim());
    const entry = fits ? null : await before();
    if (!entry || signal.aborted) {
        return;
    }
    const earlier = await getJson(entry.links.self, { signal });
    const artifact = htmlOf(earlier);
    if (!artifact) {
        return;
    }
    const { text } = await getText(artifact, LIMIT, { signal });
    const found = new Source(text).find(selector).matches;
    const same = found.find((match) => !action.text || match.text === action.text.trim());
    if (same && !signal.aborted) {
        const there = el(
            "a",
            { href: hashOf(entry.links.latest, { view: "source", find: selector }) },
            "Show it there",
        );
        const reason = matches.length
            ? " Here it reads otherwise; the action led to this page from"
            : " The action led to this page from";
        hint.append(`${reason} the step before, where it is “${same.text.slice(0, 60)}”. `, there);
    }
}

/** Searches the source for text, and goes through what was found, or through what a selector found. */
class Finder {
    element;
    #source;
    #code;
    #input = el("input", {
        type: "search",
        placeholder: "Find in the source",
        "aria-label": "Find in the source",
        spellcheck: "false",
        autocomplete: "off",
    });
    #said = el("span", { class: "faint found-count", role: "status" });
    #found = [];
    #at = -1;

    constructor(source, code) {
        this.#source = source;
        this.#code = code;
        this.element = el(
            "div",
            { class: "finder" },
            el("div", { class: "field" }, icon("search"), this.#input, el("kbd", { "aria-hidden": "true" }, "/")),
            iconButton("previous", "Previous match (N)", () => this.move(-1), { class: "icon-button turned" }),
            iconButton("next", "Next match (n)", () => this.move(1), { class: "icon-button turned" }),
            this.#said,
        );
        this.#input.addEventListener("input", () => this.#search(this.#input.value));
        this.#input.addEventListener("keydown", (event) => {
            if (event.key === "Enter") {
                this.move(event.shiftKey ? -1 : 1);
            } else if (event.key === "Escape") {
                event.stopPropagation();
                this.#input.blur();
            }
        });
    }

    focus() {
        this.#input.select();
    }

    select(selector) {
        const result = this.#source.find(selector);
        this.#show(result.matches, "selected");
        return result;
    }

    move(by) {
        if (this.#found.length) {
            this.#at = (this.#at + by + this.#found.length) % this.#found.length;
            this.#reveal();
        }
    }

    #search(text) {
        const found = [];
        if (text) {
            const sought = new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "gi");
            for (const match of this.#source.text.matchAll(sought)) {
                found.push({ start: match.index, end: match.index + match[0].length });
                if (found.length >= MOST_FOUND) {
                    break;
                }
            }
        }
        this.#show(found, "found");
        this.#said.textContent = text && !found.length ? "not found" : this.#said.textContent;
    }

    #show(ranges, kind) {
        this.#found = ranges.map(({ start, end }) => ({ start, end, kind }));
        this.#at = ranges.length ? 0 : -1;
        this.#reveal();
    }

    #reveal() {
        this.#said.textContent = this.#found.length ? `${number(this.#at + 1)} of ${number(this.#found.length)}` : "";
        this.#code.mark(
            this.#found.map((range, index) =>
                index === this.#at ? { ...range, kind: `${range.kind} current` } : range,
            ),
        );
        if (this.#at >= 0) {
            this.#code.reveal(this.#found[this.#at].start);
        }
    }
}
