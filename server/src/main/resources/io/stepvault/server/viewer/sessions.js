// The sessions: searched by id prefix and days, newest day first, kept up to date while someone looks.

import { ROOT } from "./api.js";
import { announce, el, icon } from "./dom.js";
import { count, day as dayName } from "./format.js";
import { shortcuts } from "./keyboard.js";
import { poll } from "./poll.js";
import { replaceQuery } from "./router.js";
import { SessionList } from "./session-list.js";
import { isRecent, sessionRow, Summaries } from "./session-row.js";
import { crumbs } from "./shell.js";
import { errorNote, skeleton, state } from "./states.js";
import { WindowedList } from "./windowed.js";

const DAY_HEIGHT = 48;

/** The list as it was left, so that going back finds the same place. */
let left = null;

export async function openSessions(main, route, signal, from) {
    crumbs(["Sessions"]);
    const filter = { prefix: route.query.prefix ?? "", from: route.query.from ?? "", to: route.query.to ?? "" };
    const page = new SessionsPage(main, filter, signal, from);
    await page.open();
}

class SessionsPage {
    #main;
    #signal;
    #from;
    #filter;
    #sessions;
    #summaries = new Summaries();
    #entries = [];
    #list;
    #content = el("div", { class: "windowed", role: "list", "aria-label": "Sessions, newest day first" });
    #below = el("div", { class: "sessions-below" });
    #fresh = new Set();
    #pill = el("button", { type: "button", class: "new-pill", hidden: true });

    constructor(main, filter, signal, from) {
        this.#main = main;
        this.#filter = filter;
        this.#signal = signal;
        this.#from = from;
        this.#sessions = new SessionList(filter);
    }

    async open() {
        const back = left && JSON.stringify(left.filter) === JSON.stringify(this.#filter) ? left : null;
        this.#main.replaceChildren(this.#head(), this.#pill, this.#content, this.#below);
        this.#list = new WindowedList(this.#main, this.#content, {
            render: (index, signal) => this.#render(index, signal),
            onRange: (_, last) => this.#inView(last),
            signal: this.#signal,
        });
        this.#pill.addEventListener("click", () => this.#main.scrollTo({ top: 0 }));
        this.#keys();
        this.#signal.addEventListener("abort", () => {
            left = { filter: this.#filter, sessions: this.#sessions, summaries: this.#summaries, top: this.#top };
        });
        this.#main.addEventListener("scroll", () => this.#scrolled(), { passive: true, signal: this.#signal });
        if (back) {
            this.#sessions = back.sessions;
            this.#summaries = back.summaries;
            this.#show();
            this.#main.scrollTop = back.top;
            this.#focusLast();
        } else {
            await this.#load(true);
        }
        poll(() => this.#refresh(), this.#signal);
    }

    #top = 0;

    #scrolled() {
        this.#top = this.#main.scrollTop;
        if (this.#top < 100) {
            this.#pill.hidden = true;
        }
    }

    #head() {
        const input = (type, name, label, props = {}) =>
            el("input", { type, name, id: `filter-${name}`, value: this.#filter[name], "aria-label": label, ...props });
        const prefix = input("search", "prefix", "Search by the beginning of a session id", {
            placeholder: "Session id begins with …",
            autocomplete: "off",
            spellcheck: "false",
            autocapitalize: "off",
        });
        const form = el(
            "form",
            { class: "search", role: "search" },
            el("div", { class: "field grow" }, icon("search"), prefix, el("kbd", { "aria-hidden": "true" }, "/")),
            el(
                "div",
                { class: "field" },
                el("span", { "aria-hidden": "true" }, "from"),
                input("date", "from", "First day"),
            ),
            el("div", { class: "field" }, el("span", { "aria-hidden": "true" }, "to"), input("date", "to", "Last day")),
        );
        let timer;
        form.addEventListener("input", () => {
            clearTimeout(timer);
            timer = setTimeout(() => this.#search(Object.fromEntries(new FormData(form))), 200);
        });
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            this.#move(1, -1);
        });
        return el("header", { class: "sessions-head" }, el("h1", { tabindex: "-1" }, "Sessions"), form);
    }

    async #search(filter) {
        this.#filter = filter;
        replaceQuery(filter);
        this.#sessions = new SessionList(filter);
        this.#main.scrollTop = 0;
        await this.#load();
        announce(this.#sessions.items.length ? count(this.#sessions.items.length, "session") : "No sessions");
    }

    /** The first page of the list, or the next one. What fails when the page is `opening` fails the page. */
    async #load(opening = false) {
        const sessions = this.#sessions;
        const first = sessions.items.length === 0;
        if (first) {
            this.#below.replaceChildren(skeleton("row", 6));
        }
        try {
            await sessions.more(this.#signal);
        } catch (error) {
            if (this.#signal.aborted) {
                return;
            }
            if (opening) {
                throw error;
            }
            this.#below.replaceChildren(errorNote(error, () => this.#load()));
            return;
        }
        if (sessions === this.#sessions && !this.#signal.aborted) {
            this.#show();
        }
    }

    #inView(last) {
        if (this.#sessions.next && last >= this.#entries.length - 40) {
            this.#load();
        }
    }

    /** Days and sessions in one list, a heading before each day. */
    #show() {
        this.#entries = [];
        let day = null;
        for (const item of this.#sessions.items) {
            if (item.day !== day) {
                day = item.day;
                this.#entries.push({ key: day, day });
            }
            this.#entries.push({ key: `${item.day}/${item.session_id}`, item });
        }
        const rowHeight = matchMedia("(max-width: 640px)").matches ? 116 : 96;
        this.#below.replaceChildren(this.#end());
        this.#list.items(
            this.#entries.map((entry) => entry.key),
            (index) => (this.#entries[index].day ? DAY_HEIGHT : rowHeight),
        );
    }

    #end() {
        if (this.#sessions.next) {
            return skeleton("row", 1);
        }
        if (this.#entries.length) {
            return el("p", { class: "list-end" }, `${count(this.#sessions.items.length, "session")}, that is all`);
        }
        const { prefix, from, to } = this.#filter;
        if (prefix || from || to) {
            const clear = el("a", { class: "button", href: "#/sessions" }, "Show all sessions");
            return state(
                "search",
                "No session matches",
                prefix ? `None begins with “${prefix}” on these days.` : "None on these days.",
                clear,
            );
        }
        return state(
            "empty",
            "No sessions yet",
            "Sessions show up here by themselves as soon as their first step is stored.",
        );
    }

    #render(index, signal) {
        const entry = this.#entries[index];
        if (entry.day) {
            return el("div", { class: "day", role: "listitem" }, el("h2", {}, dayName(entry.day)));
        }
        const row = sessionRow(entry.item, this.#summaries, signal);
        row.classList.toggle("fresh", this.#fresh.delete(entry.key));
        return row;
    }

    /** Asks for new sessions, and again for what was just being written. */
    async #refresh() {
        const { added, changed } = await this.#sessions.refresh(this.#signal);
        if (changed) {
            added.forEach((item) => this.#fresh.add(`${item.day}/${item.session_id}`));
            this.#show();
        }
        if (added.length) {
            const text = count(added.length, "new session");
            announce(text);
            this.#pill.replaceChildren(icon("up"), text);
            this.#pill.hidden = this.#main.scrollTop < 100;
        }
        return (await this.#refreshRows()) || changed;
    }

    async #refreshRows() {
        if (!this.#list.length) {
            return false;
        }
        const [first, last] = this.#list.range();
        let changed = false;
        for (let index = first; index <= last; index++) {
            const { item } = this.#entries[index] ?? {};
            const known = item && this.#summaries.known(item);
            if (known && isRecent(known)) {
                const now = await this.#summaries.fetch(item, this.#signal);
                changed ||= now.last_captured_at !== known.last_captured_at;
                if (!this.#list.element(index)?.contains(document.activeElement)) {
                    this.#list.redraw(index);
                }
            }
        }
        return changed;
    }

    #keys() {
        shortcuts(
            {
                "/": () => this.#main.querySelector("#filter-prefix").select(),
                j: () => this.#move(1),
                ArrowDown: () => this.#move(1),
                k: () => this.#move(-1),
                ArrowUp: () => this.#move(-1),
                Escape: () => document.activeElement?.blur(),
            },
            this.#signal,
        );
        this.#main.querySelector("#filter-prefix").addEventListener("keydown", (event) => {
            if (event.key === "ArrowDown") {
                event.preventDefault();
                this.#move(1, -1);
            }
        });
    }

    /** Moves the focus by one session; from nowhere, to the first in view. */
    #move(by, from = this.#focused()) {
        if (!this.#entries.length) {
            return;
        }
        let index = from === null ? this.#list.range()[0] : from + by;
        while (this.#entries[index]?.day) {
            index += by;
        }
        this.#focus(index);
    }

    #focus(index) {
        if (this.#entries[index]?.item) {
            // The search bar covers the top of the list.
            const first = index <= 1;
            const row = this.#list.reveal(index);
            row.querySelector("a").focus({ preventScroll: true });
            row.scrollIntoView({ block: "nearest" });
            if (first) {
                this.#main.scrollTop = 0;
            }
        }
    }

    #focused() {
        const key = document.activeElement?.closest?.(".session-row")?.dataset.key;
        const index = key === undefined ? -1 : this.#entries.findIndex((entry) => entry.key === key);
        return index < 0 ? null : index;
    }

    /** The session that was open before has the focus again. */
    #focusLast() {
        const session = this.#from?.session;
        const path = session && `${ROOT}/sessions/${session}`;
        const index = this.#entries.findIndex((entry) => entry.item?.links.self === path);
        if (index >= 0) {
            this.#focus(index);
        }
    }
}
