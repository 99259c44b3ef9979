// Reads an action. It is free-form JSON: known names are understood, anything else is shown as it is.

const VERBS = ["type", "action", "kind", "name", "event", "command"];
const TEXTS = ["text", "value", "key", "keys", "label", "message"];
const BOXES = ["box", "boundingBox", "bounding_box", "boundingClientRect", "rect", "bounds", "bbox"];
const POINTS = ["coordinates", "coordinate", "position", "point", "location"];

/**
 * What an action's exact text says: { verb, selector, text, url, title, viewport, scroll, point, box }, each only if it
 * is there. Never throws: text that is no JSON object is an action of which nothing is known.
 */
export function readAction(text) {
    const json = parsed(text);
    if (json === null || typeof json !== "object" || Array.isArray(json)) {
        return {};
    }
    const inner = [json.target, json.element].find((part) => part !== null && typeof part === "object") ?? {};
    const first = (names) => string(names.map((name) => json[name] ?? inner[name]).find((value) => string(value)));
    return {
        verb: first(VERBS),
        selector: first(["selector", "css", "xpath"]) ?? string(json.target),
        text: first(TEXTS),
        url: first(["url", "href"]),
        title: first(["title"]),
        viewport: size(json.viewport) ?? size({ width: json.viewportWidth, height: json.viewportHeight }),
        scroll: { x: finite(json.scrollX) ?? 0, y: finite(json.scrollY) ?? 0 },
        point: point(json) ?? point(inner) ?? [...POINTS].map((name) => point(json[name])).find(Boolean),
        box: [json, inner].flatMap((part) => BOXES.map((name) => box(part[name]))).find(Boolean),
    };
}

/** The parsed JSON, or null. */
export function parsed(text) {
    try {
        return JSON.parse(text ?? "null");
    } catch {
        return null;
    }
}

/** What the action was aimed at, in a few words. */
export function targetOf({ text, selector, title, url, verb }) {
    if (verb === "navigate" || verb === "goto") {
        return title ?? url ?? "";
    }
    return text ?? selector ?? title ?? "";
}

/** A URL without scheme, for narrow places. */
export const shortUrl = (url) => (url ?? "").replace(/^https?:\/\//, "");

function string(value) {
    return typeof value === "string" && value.trim() ? value : typeof value === "number" ? String(value) : undefined;
}

function finite(value) {
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function size(value) {
    const [width, height] = Array.isArray(value) ? value : [value?.width, value?.height];
    return finite(width) > 0 && finite(height) > 0 ? { width, height } : undefined;
}

function point(value) {
    const [x, y] = Array.isArray(value) ? value : [value?.x, value?.y];
    return finite(x) !== undefined && finite(y) !== undefined ? { x, y } : undefined;
}

function box(value) {
    const [x, y, width, height] = Array.isArray(value)
        ? value
        : [value?.x ?? value?.left, value?.y ?? value?.top, value?.width ?? value?.w, value?.height ?? value?.h];
    return [x, y, width, height].every((side) => finite(side) !== undefined) ? { x, y, width, height } : undefined;
}
