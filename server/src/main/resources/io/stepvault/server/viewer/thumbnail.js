// Small pictures of steps.

import { el, icon } from "./dom.js";

/**
 * A step's picture, `width` 160, 320 or 640, from its `links`; a placeholder when it has none. `original`: the link of
 * its screenshot, where that is known to be there; it is shown when the server cannot scale it.
 */
export function thumbnail(links, width, { alt = "", lazy = true, original = null } = {}) {
    const frame = el("span", { class: "thumb" });
    if (links?.thumbnail) {
        load(frame, `${links.thumbnail}?width=${width}`, { alt, lazy, otherwise: original });
    } else {
        setMissing(frame);
    }
    return frame;
}

/** Shows the screenshot itself in a frame whose thumbnail could not be had. */
export function showOriginal(frame, original) {
    if (frame.classList.contains("empty")) {
        frame.classList.remove("empty");
        load(frame, original, { alt: "", lazy: true, otherwise: null });
    }
}

function load(frame, source, { alt, lazy, otherwise }) {
    const image = el("img", { alt, decoding: "async", loading: lazy ? "lazy" : "eager", draggable: "false" });
    image.addEventListener("load", () => frame.classList.add("loaded"), { once: true });
    const failed = () => (otherwise ? load(frame, otherwise, { alt, lazy, otherwise: null }) : setMissing(frame));
    image.addEventListener("error", failed, { once: true });
    image.src = source;
    frame.replaceChildren(image);
}

function setMissing(frame) {
    frame.classList.add("empty");
    frame.replaceChildren(icon("image"));
}
