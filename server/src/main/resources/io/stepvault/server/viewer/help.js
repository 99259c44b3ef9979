// The list of keyboard shortcuts.

import { el, icon } from "./dom.js";

const SECTIONS = [
    [
        "Everywhere",
        [
            ["/", "Search, or find in the source"],
            ["?", "This help"],
            ["Esc", "Back, one level up"],
        ],
    ],
    [
        "Sessions",
        [
            ["j k ↓ ↑", "Next and previous session"],
            ["Enter", "Open it"],
        ],
    ],
    [
        "Session",
        [
            ["j k → ←", "Next and previous step"],
            ["Home End", "First and last step"],
            ["Enter", "Open the step"],
            ["Space p", "Play, pause"],
            ["f", "Follow new steps"],
        ],
    ],
    [
        "Step",
        [
            ["j k → ←", "Next and previous step"],
            ["1 … 7", "Screenshot, page, source, action, diff, revisions, attachments"],
            ["d", "Diff against the step before"],
            ["n N", "Next and previous match or change"],
        ],
    ],
];

/** The dialog, put into the document and closed. */
export function helpDialog() {
    const close = el(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => dialog.close() },
        icon("close"),
    );
    const sections = SECTIONS.map(([title, keys]) =>
        el(
            "section",
            {},
            el("h3", {}, title),
            el("dl", {}, ...keys.flatMap(([names, what]) => [el("dt", {}, ...keysOf(names)), el("dd", {}, what)])),
        ),
    );
    const dialog = el(
        "dialog",
        { class: "dialog help", "aria-labelledby": "help-title" },
        el("header", {}, el("h2", { id: "help-title" }, "Keyboard shortcuts"), close),
        el("div", { class: "help-sections" }, ...sections),
    );
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    document.body.append(dialog);
    return dialog;
}

function keysOf(names) {
    return names.split(" ").map((name) => (name === "…" ? " … " : el("kbd", {}, name)));
}
