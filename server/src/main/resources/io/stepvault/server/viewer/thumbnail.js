// Small pictures of steps.

import { el, icon } from "./dom.js";

const BUSY = 2_000;

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
        load(frame, original, { alt: "", lazy: true, otherwise: null, again: false });
    }
}

function load(frame, source, { alt, lazy, otherwise, again = true }) {
    const image = el("img", { alt, decoding: "async", loading: lazy ? "lazy" : "eager", draggable: "false" });
    const failed = () => {
        setMissing(frame);
        if (otherwise) {
            load(frame, otherwise, { alt, lazy, otherwise: null, again: false });
        } else if (again) {
            // The server scales few pictures at once; it may have been too busy.
            const stillMissing = () => frame.isConnected && frame.classList.contains("empty");
            setTimeout(() => stillMissing() && load(frame, source, { alt, lazy, otherwise, again: false }), BUSY);
        }
    };
    image.addEventListener("load", () => frame.classList.add("loaded"), { once: true });
    image.addEventListener("error", failed, { once: true });
    image.src = source;
    frame.classList.remove("empty");
    frame.replaceChildren(image);
}

function setMissing(frame) {
    frame.classList.add("empty");
    frame.replaceChildren(icon("image"));
}
