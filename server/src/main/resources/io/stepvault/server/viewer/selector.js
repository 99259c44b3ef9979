// Finds in a page's source what a selector means. The page is parsed into an inert document: nothing of it runs or loads.

import { htmlTokens } from "./highlight.js";

const AT = "data-stepvault-at";
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
      this.#tags.forEach(({ nameEnd }, index) => {
        parts.push(this.text.slice(at, nameEnd), ` ${AT}="${index}"`);
        at = nameEnd;
      });
      parts.push(this.text.slice(at));
      this.#document = new DOMParser().parseFromString(parts.join(""), "text/html");
    }
    return this.#document;
  }
}

function select(document, selector) {
  const path = selector.replace(/^xpath=/, "");
  if (/^\(*\.?\//.test(path)) {
    const found = document.evaluate(path, document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
    return Array.from({ length: found.snapshotLength }, (_, index) => found.snapshotItem(index)).filter((node) => node instanceof Element);
  }
  return [...document.querySelectorAll(selector.replace(/^css=/, ""))];
}
