// The screenshot as it was captured, with the action's place drawn on it.

import { screenshotOf } from "./artifacts.js";
import { choice, el, icon } from "./dom.js";
import { bytes } from "./format.js";
import { hasMarks, marks } from "./marks.js";
import { note } from "./states.js";

let zoom = "fit";
let drawn = true;

export async function screenshotView({ record, action }, panel, signal) {
    const artifact = screenshotOf(record);
    if (!artifact) {
        panel.replaceChildren(note("image", "This step has no screenshot."));
        return;
    }
    const image = el("img", { alt: `Screenshot of ${action.title ?? record.url ?? record.step_id}` });
    const frame = el("div", { class: "shot", dataset: { zoom } }, image);
    const size = el("span", { class: "faint" });
    const fit = choice(
        "Size",
        [
            ["fit", "Fit"],
            ["width", "Width"],
            ["actual", "1:1"],
        ],
        zoom,
        (value) => {
            zoom = value;
            frame.dataset.zoom = value;
        },
    );
    const tools = [fit, el("span", { class: "spacer" }), size];
    if (hasMarks(action)) {
        const toggle = el(
            "button",
            { type: "button", class: "button", "aria-pressed": String(drawn) },
            icon("target"),
            "Where it acted",
        );
        toggle.addEventListener("click", () => {
            drawn = !drawn;
            toggle.setAttribute("aria-pressed", String(drawn));
            frame.querySelector(".marks")?.toggleAttribute("hidden", !drawn);
        });
        tools.splice(1, 0, toggle);
    }
    tools.push(
        el(
            "a",
            {
                class: "icon-button",
                href: artifact.links.download,
                "aria-label": "Download the screenshot",
                title: "Download the screenshot",
            },
            icon("download"),
        ),
    );
    panel.replaceChildren(
        el("div", { class: "toolbar" }, ...tools),
        el("div", { class: "shot-scroll", tabindex: "0", role: "region", "aria-label": "Screenshot" }, frame),
    );
    image.src = artifact.links.self;
    try {
        await image.decode();
    } catch {
        if (!signal.aborted) {
            frame.replaceChildren(
                note("image", `This browser cannot show ${artifact.content_type}. The file can be downloaded.`),
            );
        }
        return;
    }
    frame.style.setProperty("--natural-width", `${image.naturalWidth}px`);
    frame.style.setProperty("--ratio", image.naturalWidth / image.naturalHeight);
    size.textContent = `${image.naturalWidth} × ${image.naturalHeight}, ${bytes(artifact.size)}`;
    if (hasMarks(action)) {
        frame.append(marks(image, action));
        frame.querySelector(".marks").toggleAttribute("hidden", !drawn);
    }
}
