// One step, large: its views, what is known of it, and the way to its neighbours.

import { getJson } from "./api.js";
import { readAction, shortUrl, targetOf } from "./action.js";
import { attachmentsOf, htmlOf, screenshotOf } from "./artifacts.js";
import { el, icon } from "./dom.js";
import { clock, number, offset } from "./format.js";
import { detailsPanel } from "./details.js";
import { shortcuts } from "./keyboard.js";
import { hashOf, readable, replaceQuery, sessionPath, stepPath } from "./router.js";
import { crumbs } from "./shell.js";
import { errorNote, skeleton } from "./states.js";
import { stepsOf } from "./steps.js";
import { actionView } from "./view-action.js";
import { attachmentsView } from "./view-attachments.js";
import { diffView } from "./view-diff.js";
import { pageView } from "./view-page.js";
import { revisionsView } from "./view-revisions.js";
import { screenshotView } from "./view-screenshot.js";
import { sourceView } from "./view-source.js";

/** name, label, show(context, panel, signal); the order is that of the keys 1 to 7. */
const VIEWS = [
    ["screenshot", "Screenshot", screenshotView],
    ["page", "Page", pageView],
    ["source", "Source", sourceView],
    ["action", "Action", actionView],
    ["diff", "Diff", diffView],
    ["revisions", "Revisions", revisionsView],
    ["attachments", "Attachments", attachmentsView],
];

export async function openStep(main, route, signal, from) {
    const session = sessionPath(route);
    const path = stepPath(route);
    const { revision } = route.query;
    const waiting =
        from?.name !== "step" && setTimeout(() => main.replaceChildren(skeleton("head"), skeleton("stage")), 150);
    signal.addEventListener("abort", () => clearTimeout(waiting));
    const steps = stepsOf(session);
    const listing = list(steps, path, signal);
    let page = null;
    // Keys count from the first moment on, so that someone can go through steps faster than they load.
    const go = (by) => async () => {
        await listing;
        const index = steps.indexOf(path);
        const entry = index < 0 ? null : steps.entries[index + by];
        if (entry && !signal.aborted) {
            location.hash = page ? page.hrefOf(entry) : hashOf(entry.links.latest, { view: route.query.view });
        }
    };
    const show = (view) => () => {
        if (page) {
            page.show(view);
        } else {
            route.query.view = view;
        }
    };
    const views = VIEWS.map(([name], index) => [String(index + 1), show(name)]);
    const leave = () => (location.hash = hashOf(session));
    const ways = { ArrowRight: go(1), j: go(1), ArrowLeft: go(-1), k: go(-1), d: show("diff"), Escape: leave };
    shortcuts({ ...ways, ...Object.fromEntries(views) }, signal);
    try {
        crumbs(["Sessions", "#/sessions"], [readable(route.session), hashOf(session)], [readable(route.step)]);
        const record = await getJson(revision ? `${path}/revisions/${encodeURIComponent(revision)}` : path, { signal });
        clearTimeout(waiting);
        crumbs(["Sessions", "#/sessions"], [record.session_id, hashOf(session)], [record.step_id]);
        page = new StepPage(main, route, record, steps, signal);
        await page.open(listing);
    } finally {
        clearTimeout(waiting);
    }
}

/** Lists the session's steps, if that was not done; again, if this one came after it. A failure leaves them unknown. */
async function list(steps, key, signal) {
    const listed = steps.entries.length === 0 ? steps.load(signal) : steps.indexOf(key) < 0 && steps.refresh(signal);
    await Promise.resolve(listed).catch(() => {});
}

class StepPage {
    #main;
    #route;
    #signal;
    #context;
    #tabs = el("div", { class: "tabs", role: "tablist", "aria-label": "Views of this step" });
    #panel = el("div", { class: "panel", role: "tabpanel", id: "panel", tabindex: "-1" });
    #way = el("nav", { class: "step-way", "aria-label": "Neighbouring steps" });
    #leavingView = new AbortController();
    #steps;
    #index = -1;

    constructor(main, route, record, steps, signal) {
        this.#main = main;
        this.#route = route;
        this.#steps = steps;
        this.#signal = signal;
        const action = readAction(record.action);
        this.#context = {
            record,
            action,
            query: route.query,
            before: () => this.#before(),
            show: (view, query) => this.show(view, query),
        };
        signal.addEventListener("abort", () => this.#leavingView.abort());
    }

    async open(listing) {
        const { record, action } = this.#context;
        this.#context.listing = listing;
        const extras = attachmentsOf(record).length;
        for (const [name, label] of VIEWS) {
            const count = name === "attachments" && extras ? el("span", { class: "count" }, String(extras)) : null;
            this.#tabs.append(
                el(
                    "button",
                    {
                        type: "button",
                        role: "tab",
                        id: `tab-${name}`,
                        "aria-controls": "panel",
                        dataset: { view: name },
                        onclick: () => this.show(name),
                    },
                    label,
                    ...(count ? [count] : []),
                ),
            );
        }
        this.#tabs.addEventListener("keydown", (event) => this.#tabKeys(event));
        const old = record.links.latest && this.#route.query.revision;
        this.#main.replaceChildren(
            el(
                "article",
                { class: "step-page" },
                el(
                    "header",
                    { class: "step-head" },
                    el(
                        "div",
                        { class: "step-title" },
                        el(
                            "h1",
                            { tabindex: "-1" },
                            el("span", { class: "verb" }, action.verb ?? "step"),
                            " ",
                            el("span", {}, targetOf(action) || record.step_id),
                        ),
                        el("p", { class: "faint" }, el("span", { class: "url" }, shortUrl(record.url ?? action.url))),
                    ),
                    this.#way,
                ),
                el("div", { class: "step-bar" }, this.#tabs),
                el("div", { class: "step-body" }, this.#panel, detailsPanel(record, old)),
            ),
        );
        const view = VIEWS.some(([name]) => name === this.#route.query.view)
            ? this.#route.query.view
            : this.#firstView();
        this.show(view, this.#route.query, false);
        await listing;
        this.#showWay();
    }

    #firstView() {
        const { record } = this.#context;
        return screenshotOf(record) ? "screenshot" : htmlOf(record) ? "page" : "action";
    }

    /** The entry of the step before, once the listing is there. */
    async #before() {
        await this.#context.listing;
        const index = this.#steps.indexOf(this.#context.record.links.latest);
        return this.#steps.entries[index - 1] ?? null;
    }

    #showWay() {
        const { record } = this.#context;
        this.#index = this.#steps.indexOf(record.links.latest);
        const { entries } = this.#steps;
        if (this.#index < 0 || this.#signal.aborted) {
            return;
        }
        const arrow = (by, name, label) => {
            const entry = entries[this.#index + by];
            return entry
                ? el(
                      "a",
                      { class: "icon-button", href: this.hrefOf(entry), "aria-label": label, title: label },
                      icon(name),
                  )
                : el("span", { class: "icon-button", "aria-disabled": "true" }, icon(name));
        };
        const place = el(
            "span",
            { class: "step-place" },
            `${number(this.#index + 1)} of ${number(entries.length)}`,
            el(
                "span",
                { class: "faint" },
                ` ${clock(entries[this.#index].time)} ${offset(entries[this.#index].time - entries[0].time)}`,
            ),
        );
        this.#way.replaceChildren(arrow(-1, "previous", "Previous step (←)"), place, arrow(1, "next", "Next step (→)"));
    }

    /** A neighbour, in the view that is open now. */
    hrefOf(entry) {
        const view = this.#context.view === this.#firstView() ? undefined : this.#context.view;
        return hashOf(entry.links.latest, { view });
    }

    show(view, query = {}, byHand = true) {
        this.#leavingView.abort();
        this.#leavingView = new AbortController();
        const { signal } = this.#leavingView;
        this.#context.view = view;
        this.#context.query = query;
        for (const tab of this.#tabs.children) {
            const chosen = tab.dataset.view === view;
            tab.setAttribute("aria-selected", String(chosen));
            tab.tabIndex = chosen ? 0 : -1;
        }
        this.#panel.setAttribute("aria-labelledby", `tab-${view}`);
        this.#panel.dataset.view = view;
        if (byHand) {
            replaceQuery({ view: view === this.#firstView() ? undefined : view, find: query.find });
        }
        if (this.#index >= 0) {
            this.#showWay();
        }
        const [, , open] = VIEWS.find(([name]) => name === view);
        this.#panel.replaceChildren();
        Promise.resolve(open(this.#context, this.#panel, signal)).catch((error) => {
            if (!signal.aborted) {
                this.#panel.replaceChildren(errorNote(error, () => this.show(view, query)));
            }
        });
    }

    #tabKeys(event) {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (by) {
            event.stopPropagation();
            event.preventDefault();
            const index = VIEWS.findIndex(([name]) => name === this.#context.view);
            const [view] = VIEWS[(index + by + VIEWS.length) % VIEWS.length];
            this.show(view);
            this.#tabs.querySelector(`[data-view="${view}"]`).focus();
        }
    }
}
