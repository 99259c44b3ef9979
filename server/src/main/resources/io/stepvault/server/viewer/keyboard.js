// Single-key shortcuts. Keys typed into fields, or with a modifier, are left alone.

import { isTyping } from "./dom.js";

/** Calls `keys[event.key]` until `signal` aborts. A handler that answers false lets the key through. */
export function shortcuts(keys, signal) {
    document.addEventListener(
        "keydown",
        (event) => {
            const handler = keys[event.key];
            const typing = isTyping(event.target) && event.key !== "Escape";
            if (
                !handler ||
                typing ||
                event.ctrlKey ||
                event.metaKey ||
                event.altKey ||
                document.querySelector("dialog[open]")
            ) {
                return;
            }
            // Enter and space press what has the focus.
            if (
                (event.key === "Enter" && event.target.closest("a, button, summary")) ||
                (event.key === " " && event.target.closest("button, summary"))
            ) {
                return;
            }
            if (handler(event) !== false) {
                event.preventDefault();
            }
        },
        { signal },
    );
}
