// Splits HTML and JSON into coloured parts, fast enough for sources of some megabytes. The colours are for the eye: what
// a browser makes of broken markup is not this module's business.

export const KINDS = ["plain", "punctuation", "tag", "attribute", "string", "comment", "raw", "number", "keyword"];
const [PLAIN, PUNCTUATION, TAG, ATTRIBUTE, STRING, COMMENT, RAW, NUMBER, KEYWORD] = KINDS.keys();

/** The parts of a text: part i has kind `kinds[i]` (an index of KINDS) and ends before `ends[i]`. */
export class Tokens {
    ends = [];
    kinds = [];

    push(end, kind) {
        if (end > (this.ends.at(-1) ?? 0)) {
            this.ends.push(end);
            this.kinds.push(kind);
        }
    }

    /** The parts between two offsets: [kind name, text]. */
    between(text, start, end) {
        const parts = [];
        let low = 0;
        let high = this.ends.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.ends[middle] > start) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        for (let at = start; at < end; low++) {
            const stop = Math.min(this.ends[low] ?? end, end);
            parts.push([KINDS[this.kinds[low] ?? PLAIN], text.slice(at, stop)]);
            at = stop;
        }
        return parts;
    }
}

const TAG_START = /<(?:!--|[!?]|\/?([a-zA-Z][^\s/>]*))/g;
const ATTRIBUTES = /([^\s"'<>/=]+)|("[^"]*"?|'[^']*'?)|(=\s*[^\s"'>]+)|(\/?>)|[^]/g;
const RAW_TAGS = new Set(["script", "style", "textarea", "title", "xmp", "noscript"]);

/** The parts of HTML. `onTag(start, nameEnd, end)` is told of each start tag. */
export function htmlTokens(text, onTag = () => {}) {
    const tokens = new Tokens();
    TAG_START.lastIndex = 0;
    for (let match = TAG_START.exec(text); match; match = TAG_START.exec(text)) {
        const { index: start } = match;
        tokens.push(start, PLAIN);
        const [opening, name] = match;
        if (!name) {
            TAG_START.lastIndex = endOf(text, opening === "<!--" ? "-->" : ">", start + opening.length);
            tokens.push(TAG_START.lastIndex, COMMENT);
            continue;
        }
        const nameEnd = start + opening.length;
        tokens.push(nameEnd - name.length, PUNCTUATION);
        tokens.push(nameEnd, TAG);
        const end = attributes(text, nameEnd, tokens);
        TAG_START.lastIndex = end;
        if (opening[1] !== "/") {
            onTag(start, nameEnd, end);
            if (RAW_TAGS.has(name.toLowerCase()) && text[end - 2] !== "/") {
                TAG_START.lastIndex = rawEnd(text, name, end);
                tokens.push(TAG_START.lastIndex, RAW);
            }
        }
    }
    tokens.push(text.length, PLAIN);
    return tokens;
}

function attributes(text, start, tokens) {
    ATTRIBUTES.lastIndex = start;
    for (let match = ATTRIBUTES.exec(text); match; match = ATTRIBUTES.exec(text)) {
        const [, name, quoted, bare, close] = match;
        const end = ATTRIBUTES.lastIndex;
        tokens.push(end, name ? ATTRIBUTE : quoted || bare ? STRING : PUNCTUATION);
        if (close && close.endsWith(">")) {
            return end;
        }
    }
    return text.length;
}

function endOf(text, mark, from) {
    const at = text.indexOf(mark, from);
    return at < 0 ? text.length : at + mark.length;
}

function rawEnd(text, name, from) {
    const closing = new RegExp(`</${name.replace(/[^a-zA-Z0-9]/g, "\\$&")}`, "gi");
    closing.lastIndex = from;
    return closing.exec(text)?.index ?? text.length;
}

const JSON_PART = /("(?:[^"\\\n]|\\.)*"?)(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)|[^"\d\-tfn]+|[^]/g;

/** The parts of JSON; names of members look like attributes. */
export function jsonTokens(text) {
    const tokens = new Tokens();
    for (const match of text.matchAll(JSON_PART)) {
        const [whole, string, colon, number, keyword] = match;
        const end = match.index + whole.length;
        if (string) {
            tokens.push(end - (colon?.length ?? 0), colon ? ATTRIBUTE : STRING);
        }
        tokens.push(end, number ? NUMBER : keyword ? KEYWORD : PLAIN);
    }
    return tokens;
}

/** All of a text in one colour. */
export function plainTokens(text) {
    const tokens = new Tokens();
    tokens.push(text.length, PLAIN);
    return tokens;
}
