// The attachments of a step: what they are, a look at their text, and the files themselves.

import { getText } from "./api.js";
import { parsed } from "./action.js";
import { attachmentsOf, nameOf } from "./artifacts.js";
import { codeView } from "./code-view.js";
import { el, icon } from "./dom.js";
import { bytes } from "./format.js";
import { jsonTokens, plainTokens } from "./highlight.js";
import { errorNote, note, skeleton } from "./states.js";

const LIMIT = 1024 * 1024;
const IMAGES = /^image\/(png|jpeg|gif|webp|avif|bmp)\b/;
const JSONS = /json|\.har$/;
const TEXTS = /^text\/|json|xml|javascript|x-ndjson/;

export function attachmentsView({ record }, panel, signal) {
    const attachments = attachmentsOf(record);
    if (attachments.length === 0) {
        panel.replaceChildren(note("file", "This step has no attachments."));
        return;
    }
    panel.replaceChildren(
        el("ul", { class: "attachments" }, ...attachments.map((artifact) => attachment(artifact, signal))),
    );
}

function attachment(artifact, signal) {
    const { content_type: type, size, links } = artifact;
    const name = nameOf(artifact);
    const preview = el("div", { class: "preview", hidden: true });
    const look = el("button", { type: "button", class: "button", "aria-expanded": "false" }, "Preview");
    look.addEventListener("click", () => {
        const open = look.getAttribute("aria-expanded") !== "true";
        look.setAttribute("aria-expanded", String(open));
        preview.hidden = !open;
        if (open && !preview.hasChildNodes()) {
            fill(preview, artifact, signal);
        }
    });
    const file = el("div", { class: "attachment-name" }, icon("file"), el("span", { class: "id" }, name));
    return el(
        "li",
        {},
        el(
            "div",
            { class: "attachment" },
            file,
            el("span", { class: "faint type" }, type),
            el("span", { class: "faint" }, bytes(size)),
            el("span", { class: "spacer" }),
            (isText(artifact) || IMAGES.test(type)) && look,
            el(
                "a",
                { class: "button", href: links.download, "aria-label": `Download ${name}` },
                icon("download"),
                "Download",
            ),
        ),
        preview,
    );
}

const isText = ({ name, content_type: type }) => TEXTS.test(type) || /\.(har|log|txt|csv|md)$/.test(name);

async function fill(preview, artifact, signal) {
    if (IMAGES.test(artifact.content_type)) {
        preview.replaceChildren(el("img", { src: artifact.links.self, alt: `Attachment ${nameOf(artifact)}` }));
        return;
    }
    preview.replaceChildren(skeleton("lines", 3));
    try {
        const { text: exact, cut } = await getText(artifact, LIMIT, { signal });
        const isJson = JSONS.test(artifact.content_type) || JSONS.test(artifact.name);
        const json = isJson && !cut ? parsed(exact) : null;
        const text = json === null ? exact : JSON.stringify(json, null, 2);
        const code = codeView({
            text,
            tokens: isJson ? jsonTokens(text) : plainTokens(text),
            label: nameOf(artifact),
            signal,
        });
        preview.replaceChildren(
            ...(cut ? [el("p", { class: "hint" }, `The first ${bytes(LIMIT)} of ${bytes(artifact.size)}.`)] : []),
            code.element,
        );
    } catch (error) {
        if (!signal.aborted) {
            preview.replaceChildren(errorNote(error, () => fill(preview, artifact, signal)));
        }
    }
}
