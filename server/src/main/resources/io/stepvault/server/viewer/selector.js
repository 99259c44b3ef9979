// Finds in a page's source what a selector means. The page is parsed into an inert document: nothing of it runs or loads.

import { htmlTokens } from "./highlight.js";

const AT = "data-stepvault-at";
/**
 * What stands in for styles, about which the viewer's content security policy would complain: another attribute, and a
 * script of a type that no browser runs, which is allowed wherever a style is and has its text in the same way.
 */
const STYLE = "data-stepvault-style";
const STYLE_TAG = 'script type="text/plain"';
const MOST = 200;

/** A source, its coloured parts, and the start tags by which elements are found again. */
export class Source {
    text;
    tokens;
    #tags = [];
    #document = null;

    constructor(text) {
        this.text = text;
        this.tokens = htmlTokens(text, (start, nameEnd, end) => this.#tags.push({ start, nameEnd, end }));
    }

    /**
     * The start tags of the elements that a CSS selector or an XPath finds: { matches: [{ start, end, text }], understood }.
     * `understood` is false when it is neither.
     */
    find(selector) {
        let elements;
        try {
            elements = select(this.#parsed(), selector);
        } catch {
            return { matches: [], understood: false };
        }
        const matches = elements
            .slice(0, MOST)
            .map((element) => ({ tag: this.#tags[Number(element.getAttribute(AT))], text: element.textContent.trim() }))
            .filter(({ tag }) => tag)
            .map(({ tag, text }) => ({ start: tag.start, end: tag.end, text }));
        return { matches: matches.sort((a, b) => a.start - b.start), understood: true };
    }

    /** The document, each element with the number of its start tag as its first attribute. */
    #parsed() {
        if (!this.#document) {
            const parts = [];
            let at = 0;
            this.#tags.forEach(({ start, nameEnd, end }, index) => {
                const name = this.text.slice(start + 1, nameEnd);
                parts.push(
                    this.#between(at, start),
                    "<",
                    /^style$/i.test(name) ? STYLE_TAG : name,
                    ` ${AT}="${index}"`,
                );
                parts.push(...this.#attributes(nameEnd, end));
                at = end;
            });
            parts.push(this.#between(at, this.text.length));
            this.#document = new DOMParser().parseFromString(parts.join(""), "text/html");
        }
        return this.#document;
    }

    #between(start, end) {
        return this.text.slice(start, end).replace(/<\/style(?=[\s/>])/gi, "</script");
    }

    #attributes(start, end) {
        const text = this.text.slice(start, end);
        if (!/style/i.test(text)) {
            return [text];
        }
        return this.tokens
            .between(this.text, start, end)
            .map(([kind, part]) => (kind === "attribute" && /^style$/i.test(part) ? STYLE : part));
    }
}

function select(document, selector) {
    const path = selector.replace(/^xpath=/, "").replaceAll("@style", `@${STYLE}`);
    if (/^\(*\.?\//.test(path)) {
        const found = document.evaluate(path, document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
        return Array.from({ length: found.snapshotLength }, (_, index) => found.snapshotItem(index)).filter(
            (node) => node instanceof Element,
        );
    }
    return [...document.querySelectorAll(selector.replace(/^css=/, "").replace(/\[\s*style\b/gi, `[${STYLE}`))];
}
