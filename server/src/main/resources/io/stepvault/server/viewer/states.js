// What a page shows when there is nothing, nothing yet, or something went wrong.

import { el, icon } from "./dom.js";

/** A calm note in the middle of the page. */
export function state(iconName, title, text, ...actions) {
    return el(
        "section",
        { class: "state" },
        el("div", { class: "state-icon" }, icon(iconName)),
        el("h1", { tabindex: "-1" }, title),
        text && el("p", {}, text),
        actions.length > 0 && el("div", { class: "state-actions" }, ...actions),
    );
}

const ALL = () => el("a", { class: "button", href: "#/sessions" }, "All sessions");

/** What to say about an ApiError. `what` is the thing looked for: "session", "step". `retry` tries again. */
export function errorState(error, what, retry) {
    const again = el("button", { type: "button", class: "button primary", onclick: retry }, "Try again");
    const views = {
        absent: () => state("empty", `There is no such ${what}`, "It was never stored, or it was deleted.", ALL()),
        expired: () =>
            state(
                "hourglass",
                `This ${what} has expired`,
                "It was removed by the store's lifecycle rules, in part or as a whole.",
                ALL(),
            ),
        offline: () =>
            state(
                "unplugged",
                "The server does not answer",
                "This page comes back by itself as soon as the server does.",
                again,
            ),
        busy: () =>
            state(
                "clock",
                "The store cannot answer now",
                error.detail ?? "It has too much to do, or an outage. This is tried again soon.",
                again,
            ),
        signin: () => state("key", "Sign in to go on", "This server asks for a token."),
        forbidden: () => state("key", "The server refuses", error.detail ?? error.message, again),
        failed: () => state("alert", error.message, error.detail, again, ALL()),
    };
    const section = (views[error.kind] ?? views.failed)();
    section.classList.add("state-error");
    section.dataset.kind = error.kind ?? "failed";
    return section;
}

/** A short note inside a part of a page. */
export function note(iconName, text, ...actions) {
    return el("div", { class: "note" }, icon(iconName), el("p", {}, text), ...actions);
}

/** What went wrong inside a part of a page, with a way to try again. */
export function errorNote(error, retry) {
    const said = [error.message, error.detail].filter(Boolean).join(". ");
    return note("alert", said, retry && el("button", { type: "button", class: "button", onclick: retry }, "Try again"));
}

/** Grey bars in place of what is being loaded. */
export function skeleton(className, count = 1) {
    const bars = Array.from({ length: count }, () => el("div", { class: `skeleton ${className}` }));
    return el("div", { class: "skeletons", "aria-hidden": "true" }, ...bars);
}
