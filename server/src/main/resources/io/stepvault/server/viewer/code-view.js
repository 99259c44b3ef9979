// Shows text with line numbers and colours. Only what is in view is in the document, so megabytes stay smooth.

import { el } from "./dom.js";
import { WindowedList } from "./windowed.js";

export const LINE_HEIGHT = 20;
/** Longer lines go on in the next row. */
const COLUMNS = 400;

/** Where rows start and end in a text, and the numbers of their lines; 0 for a row that goes on. */
function rowsOf(text) {
  const rows = [];
  let line = 0;
  let longest = 0;
  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    line++;
    let at = start;
    do {
      const stop = Math.min(at + COLUMNS, end);
      rows.push({ start: at, end: stop, line: at === start ? line : 0 });
      longest = Math.max(longest, stop - at);
      at = stop;
    } while (at < end);
    start = end + 1;
  }
  return { rows, lines: line, longest };
}

/**
 * A scrolling view of `text`. `tokens` are its coloured parts. Gives { element, lines, mark(ranges), reveal(offset) }:
 * `mark` highlights ranges { start, end, kind } of the text (in order, not overlapping), `reveal` scrolls to an offset.
 */
export function codeView({ text, tokens, label, signal }) {
  const { rows, lines, longest } = rowsOf(text);
  const content = el("div", { class: "windowed" });
  const element = el("div", { class: "code", tabindex: "0", role: "region", "aria-label": label }, content);
  content.style.setProperty("min-width", `calc(${longest + 2}ch + var(--code-gutter))`);
  element.style.setProperty("--code-gutter", `${String(lines).length + 3}ch`);
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
    return el("div", { class: "code-row" }, el("span", { class: "line-number", "aria-hidden": "true" }, line ? String(line) : "↳"), el("code", {}, ...parts));
  }

  function spans(start, end) {
    return start >= end ? [] : tokens.between(text, start, end).map(([kind, part]) => (kind === "plain" ? part : el("span", { class: `t-${kind}` }, part)));
  }

  const show = () => list.items(rows.map((_, index) => index), () => LINE_HEIGHT);
  show();
  return {
    element,
    lines,
    mark(ranges) {
      marked = ranges;
      const [first, last] = list.range();
      for (let index = Math.max(0, first - 100); index <= last + 100; index++) {
        list.redraw(index);
      }
    },
    reveal(offset) {
      const index = rows.findIndex((each) => offset <= each.end);
      list.reveal(index < 0 ? 0 : index, { centre: true });
      const column = offset - (rows[index]?.start ?? 0);
      element.scrollLeft = column > 80 ? (element.scrollWidth * (column - 20)) / (longest + 10) : 0;
    },
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
