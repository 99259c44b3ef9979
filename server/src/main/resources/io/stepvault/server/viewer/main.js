// Opens the page that the location's hash names.

import { el } from "./dom.js";
import { parse } from "./router.js";
import { openSession } from "./session.js";
import { openSessions } from "./sessions.js";
import { busy, crumbs, shell } from "./shell.js";
import { errorState, state } from "./states.js";
import { openStep } from "./step.js";

const main = document.getElementById("main");
const PAGES = { sessions: openSessions, session: openSession, step: openStep, unknown: openUnknown };

let leaving = new AbortController();
let opened = null;

/** A page puts itself into `main` and lives until its signal aborts. */
async function open() {
    leaving.abort();
    leaving = new AbortController();
    const { signal } = leaving;
    const route = parse(location.hash);
    const from = opened;
    opened = route;
    busy(true);
    try {
        await PAGES[route.name](main, route, signal, from);
        if (!signal.aborted && from) {
            focusPage();
        }
    } catch (error) {
        if (signal.aborted) {
            return;
        }
        if (!error.kind) {
            console.error(error);
        }
        main.replaceChildren(errorState(error, route.name === "step" ? "step" : "session", open));
        focusPage();
        if (error.kind === "busy") {
            const timer = setTimeout(open, 5_000);
            signal.addEventListener("abort", () => clearTimeout(timer));
        }
    } finally {
        if (!signal.aborted) {
            busy(false);
        }
    }
}

/** After a navigation the focus is on the new page, unless something in it has it already. */
function focusPage() {
    if (!main.contains(document.activeElement) || document.activeElement === main) {
        (main.querySelector("h1[tabindex]") ?? main).focus({ preventScroll: true });
    }
}

async function openUnknown() {
    crumbs(["Not found"]);
    const all = el("a", { class: "button primary", href: "#/sessions" }, "All sessions");
    main.replaceChildren(state("empty", "There is no such page", "The address may have been cut off on its way.", all));
}

shell(open);
addEventListener("hashchange", open);
open();
