// The captured page, rendered. It is hostile: the frame's sandbox gives it nothing, and the server sends it with a CSP of
// its own that forbids scripts and requests.

import { htmlOf } from "./artifacts.js";
import { choice, el } from "./dom.js";
import { note } from "./states.js";

const DEFAULT_WIDTH = 1280;
let scaled = "fit";

export function pageView({ record, action }, panel, signal) {
    const artifact = htmlOf(record);
    if (!artifact) {
        panel.replaceChildren(note("file", "This step has no HTML."));
        return;
    }
    const frame = el("iframe", {
        class: "captured",
        sandbox: "",
        referrerpolicy: "no-referrer",
        src: artifact.links.self,
        title: "The captured page, without scripts",
    });
    const box = el("div", { class: "captured-box" }, frame);
    const width = action.viewport?.width ?? DEFAULT_WIDTH;
    const lay = () => {
        const { clientWidth, clientHeight } = box;
        const scale = scaled === "fit" ? Math.min(1, clientWidth / width) : 1;
        frame.style.setProperty("width", `${scaled === "window" ? clientWidth : width}px`);
        frame.style.setProperty("height", `${clientHeight / scale}px`);
        frame.style.setProperty("transform", `scale(${scale})`);
    };
    const sizes = [
        ["fit", "Fit", "Laid out as wide as the browser was, scaled to fit"],
        ["actual", "1:1", "Laid out as wide as the browser was"],
        ["window", "This window", "Laid out as wide as it is here"],
    ];
    const size = choice("Size", sizes, scaled, (value) => {
        scaled = value;
        lay();
    });
    panel.replaceChildren(
        el(
            "div",
            { class: "toolbar" },
            size,
            el("span", { class: "spacer" }),
            el("span", { class: "faint" }, "Without scripts and without what the page loads from elsewhere."),
        ),
        box,
    );
    const observer = new ResizeObserver(lay);
    observer.observe(box);
    signal.addEventListener("abort", () => observer.disconnect());
    lay();
}
