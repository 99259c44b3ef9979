// What is around every page: crumbs, title, theme, help, sign-in, and the word that the server is gone.

import { connection, getJson, request, ROOT } from "./api.js";
import { announce, el, icon } from "./dom.js";
import { helpDialog } from "./help.js";
import { shortcuts } from "./keyboard.js";

const find = (selector) => document.querySelector(selector);

/** The way to this page: [text, href?] from the outside in; also the document's title. */
export function crumbs(...parts) {
    find(".crumbs").replaceChildren(
        el(
            "ol",
            {},
            ...parts.map(([text, href]) =>
                el("li", {}, href ? el("a", { href }, text) : el("span", { "aria-current": "page" }, text)),
            ),
        ),
    );
    document.title = [...parts.map(([text]) => text).reverse(), "Stepvault"].join(" · ");
}

/** Shows or hides the bar that says that something is being loaded. */
export function busy(on) {
    find(".progress").classList.toggle("on", on);
}

/** Wires the shell. `reopen()` opens the current page again, after a sign-in or when the server is back. */
export function shell(reopen) {
    theme();
    const help = helpDialog();
    find("#help").addEventListener("click", () => help.showModal());
    shortcuts({ "?": () => help.showModal() }, new AbortController().signal);
    find(".skip-link").addEventListener("click", (event) => {
        event.preventDefault();
        find("#main").focus();
    });
    status();
    signIn(reopen);
    outage(reopen);
}

function theme() {
    const root = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)");
    const button = find("#theme");
    const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
    const show = () => {
        const label = isDark() ? "Light theme" : "Dark theme";
        button.replaceChildren(icon(isDark() ? "sun" : "moon"));
        button.setAttribute("aria-label", label);
        button.title = label;
    };
    button.addEventListener("click", () => {
        root.dataset.theme = isDark() ? "light" : "dark";
        localStorage.setItem("stepvault-theme", root.dataset.theme);
        show();
    });
    system.addEventListener("change", show);
    show();
}

async function status() {
    const { store, authentication, signed_in: signedIn } = await getJson(`${ROOT}/status`).catch(() => ({}));
    const label = find(".store");
    label.hidden = !store;
    label.textContent = store ?? "";
    label.title = store ? `The store: ${store}` : "";
    find("#sign-out").hidden = !(authentication === "required" && signedIn);
}

function signIn(reopen) {
    const token = el("input", {
        type: "password",
        id: "token",
        autocomplete: "current-password",
        required: true,
        spellcheck: "false",
    });
    const said = el("p", { class: "form-error", role: "alert" });
    const button = el("button", { type: "submit", class: "button primary" }, "Sign in");
    const form = el(
        "form",
        { class: "sign-in" },
        el("div", { class: "state-icon" }, icon("key")),
        el("h2", { id: "sign-in-title" }, "Sign in to Stepvault"),
        el("p", {}, "Enter the token this server was started with. It is exchanged for a cookie and not kept."),
        el("label", { for: "token" }, "Token"),
        token,
        said,
        button,
    );
    const dialog = el("dialog", { class: "dialog", "aria-labelledby": "sign-in-title" }, form);
    document.body.append(dialog);
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    connection.addEventListener("signin", () => dialog.open || dialog.showModal());
    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        said.textContent = "";
        button.disabled = true;
        try {
            await request(`${ROOT}/login`, {
                method: "POST",
                headers: { Authorization: `Bearer ${token.value.trim()}` },
            });
            token.value = "";
            dialog.close();
            status();
            reopen();
        } catch (error) {
            said.textContent = error.kind === "signin" ? "That is not this server's token." : `${error.message}.`;
            token.select();
        } finally {
            button.disabled = false;
        }
    });
    find("#sign-out").addEventListener("click", async () => {
        await request(`${ROOT}/logout`, { method: "POST" });
        location.reload();
    });
}

/** While the server is gone, asks for its status every few seconds; any answer tells `connection` that it is back. */
function outage(reopen) {
    const banner = find(".banner");
    let timer;
    const ask = (delay) => {
        timer = setTimeout(async () => {
            await getJson(`${ROOT}/status`).catch(() => {});
            if (!connection.answers) {
                ask(Math.min(delay * 1.5, 15_000));
            }
        }, delay);
    };
    connection.addEventListener("lost", () => {
        const now = el("button", { type: "button", class: "button" }, "Try now");
        now.addEventListener("click", () => {
            clearTimeout(timer);
            ask(0);
        });
        banner.replaceChildren(
            icon("unplugged"),
            el("span", {}, "The server does not answer. Trying again by itself."),
            now,
        );
        banner.hidden = false;
        ask(1_000);
    });
    connection.addEventListener("back", () => {
        clearTimeout(timer);
        banner.hidden = true;
        announce("The server answers again");
        status();
        if (find(".state-error")) {
            reopen();
        }
    });
}
