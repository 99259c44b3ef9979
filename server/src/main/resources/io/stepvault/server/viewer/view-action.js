// The action: what is understood of it, and its JSON.

import { parsed } from "./action.js";
import { codeView } from "./code-view.js";
import { copyButton, el } from "./dom.js";
import { bytes } from "./format.js";
import { jsonTokens } from "./highlight.js";
import { note } from "./states.js";

export function actionView({ record, action, show }, panel, signal) {
    if (!record.action) {
        panel.replaceChildren(note("file", "This step has no action."));
        return;
    }
    const json = parsed(record.action);
    const text = json === null ? record.action : JSON.stringify(json, null, 2);
    const inSource = el(
        "button",
        { type: "button", class: "button", onclick: () => show("source") },
        "Find selector in the source",
    );
    const tools = [
        el("span", { class: "faint" }, `${bytes(new Blob([record.action]).size)} of JSON, shown indented`),
        el("span", { class: "spacer" }),
        action.selector && inSource,
        copyButton("Copy the action's exact text", () => record.action),
    ];
    const code = codeView({ text, tokens: jsonTokens(text), label: "Action, JSON", signal });
    panel.replaceChildren(el("div", { class: "toolbar" }, ...tools.filter(Boolean)), code.element);
}
