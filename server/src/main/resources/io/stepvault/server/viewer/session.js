// One session: its chosen step large, and all steps along time. New steps appear as they are stored.

import { getJson, withQuery } from "./api.js";
import { announce, choice, copyButton, el, icon, iconButton } from "./dom.js";
import { bytes, count, duration, instant, ranges } from "./format.js";
import { Filmstrip } from "./filmstrip.js";
import { shortcuts } from "./keyboard.js";
import { Player, SPEEDS } from "./player.js";
import { poll } from "./poll.js";
import { hashOf, readable, replaceQuery, sessionPath } from "./router.js";
import { isLive } from "./session-row.js";
import { crumbs } from "./shell.js";
import { Stage } from "./stage.js";
import { skeleton, state } from "./states.js";
import { stepsOf } from "./steps.js";
import { Timeline } from "./timeline.js";

/** Completeness is asked for at most so often while steps come in. */
const JUDGE_AGAIN = 20_000;

export async function openSession(main, route, signal, from) {
    const path = sessionPath(route);
    crumbs(["Sessions", "#/sessions"], [readable(route.session)]);
    const waiting = setTimeout(() => main.replaceChildren(skeleton("head"), skeleton("stage"), skeleton("strip")), 150);
    signal.addEventListener("abort", () => clearTimeout(waiting));
    try {
        const steps = stepsOf(path);
        const known = steps.entries.length > 0;
        const [summary] = await Promise.all([
            getJson(path, { signal }),
            known ? steps.refresh(signal) : steps.load(signal),
        ]);
        clearTimeout(waiting);
        if (steps.entries.length === 0) {
            main.replaceChildren(
                state("empty", "No steps yet", "This session has begun, but none of its steps is stored yet."),
            );
            return;
        }
        crumbs(["Sessions", "#/sessions"], [summary.session_id]);
        const wanted = steps.entries.findIndex((entry) => entry.step_id === route.query.step);
        const last = from?.name === "step" && steps.indexOf(`${path}/steps/${from.step}`);
        new SessionPage(main, path, summary, steps, signal).open(Math.max(0, last > 0 ? last : wanted));
    } finally {
        clearTimeout(waiting);
    }
}

class SessionPage {
    #main;
    #path;
    #summary;
    #steps;
    #signal;
    #index = -1;
    #judged = false;
    #judgedAt = 0;
    #facts = el("div", { class: "facts" });
    #completeness = el("span", { class: "completeness" });
    #stage;
    #timeline;
    #strip;
    #player;
    #follow = el(
        "button",
        { type: "button", class: "button", "aria-pressed": "false", title: "Go to new steps as they come (f)" },
        icon("follow"),
        "Follow",
    );

    constructor(main, path, summary, steps, signal) {
        this.#main = main;
        this.#path = path;
        this.#summary = summary;
        this.#steps = steps;
        this.#signal = signal;
        this.#stage = new Stage(steps);
        this.#timeline = new Timeline((index) => this.#choose(index));
        this.#strip = new Filmstrip(steps, {
            onSelect: (index) => this.#choose(index),
            onView: (first, last) => this.#timeline.view(first, last),
            signal,
        });
        const page = this;
        const film = {
            get index() {
                return page.#index;
            },
            get length() {
                return steps.entries.length;
            },
            time: (index) => steps.entries[index].time,
            show: (index) => page.#select(index),
        };
        this.#player = new Player(film, signal);
    }

    open(index) {
        this.#main.replaceChildren(
            el(
                "div",
                { class: "session-page" },
                this.#head(),
                this.#stage.element,
                el(
                    "section",
                    { class: "film", "aria-label": "All steps" },
                    this.#transport(),
                    this.#timeline.element,
                    this.#strip.element,
                ),
            ),
        );
        this.#timeline.show(this.#steps.entries);
        this.#strip.show();
        this.#select(index);
        this.#describe();
        this.#keys();
        this.#judge();
        poll(() => this.#refresh(), this.#signal);
    }

    #head() {
        const { session_id: id } = this.#summary;
        return el(
            "header",
            { class: "session-head" },
            el(
                "div",
                { class: "title" },
                el("h1", { class: "id", tabindex: "-1" }, id),
                copyButton("Copy the session id", () => id),
            ),
            el("div", { class: "session-sub" }, this.#facts, this.#completeness),
        );
    }

    #describe() {
        const { entries } = this.#steps;
        const [first, last] = [entries[0].time, entries.at(-1).time];
        const facts = [
            isLive({ last_captured_at: entries.at(-1).captured_at }) && el("span", { class: "badge live" }, "live"),
            el("span", { class: "fact strong" }, count(entries.length, "step")),
            this.#summary.revisions > entries.length &&
                el("span", { class: "fact" }, count(this.#summary.revisions, "revision")),
            el(
                "span",
                { class: "fact" },
                icon("clock"),
                el("time", { datetime: entries[0].captured_at }, instant(first).replace(/\.\d+/, "")),
            ),
            last > first && el("span", { class: "fact" }, duration(last - first)),
            this.#summary.bytes !== undefined && el("span", { class: "fact faint" }, bytes(this.#summary.bytes)),
        ];
        this.#facts.replaceChildren(...facts.filter(Boolean));
    }

    #transport() {
        const play = iconButton("play", "Play (space)", () => this.#player.toggle(), {
            class: "icon-button play",
            id: "play",
        });
        this.#player.addEventListener("change", () => {
            const { playing } = this.#player;
            const label = playing ? "Pause (space)" : "Play (space)";
            play.replaceChildren(icon(playing ? "pause" : "play"));
            play.setAttribute("aria-label", label);
            play.title = label;
        });
        const speed = el(
            "select",
            { "aria-label": "Speed", onchange: (event) => (this.#player.speed = Number(event.target.value)) },
            ...SPEEDS.map((value) => el("option", { value, selected: value === 1 }, `${value}×`)),
        );
        const modes = [
            ["real", "Real time", "As it happened; pauses are cut to 4 s"],
            ["even", "Even", "Every step for the same time"],
        ];
        this.#follow.addEventListener("click", () => this.#toggleFollow());
        // A button that was pressed with a pointer lets go of the focus, so that space plays and does not press it again.
        const release = (event) => event.detail > 0 && event.target.closest("button")?.blur();
        return el(
            "div",
            { class: "transport", onclick: release },
            iconButton("first", "First step (Home)", () => this.#choose(0)),
            iconButton("previous", "Previous step (←)", () => this.#choose(this.#index - 1)),
            play,
            iconButton("next", "Next step (→)", () => this.#choose(this.#index + 1)),
            iconButton("last", "Last step (End)", () => this.#choose(this.#steps.entries.length - 1)),
            speed,
            choice("Time", modes, "real", (mode) => (this.#player.mode = mode)),
            el("span", { class: "spacer" }),
            this.#follow,
        );
    }

    #toggleFollow() {
        const on = this.#follow.getAttribute("aria-pressed") !== "true";
        this.#follow.setAttribute("aria-pressed", String(on));
        if (on) {
            this.#choose(this.#steps.entries.length - 1);
        }
    }

    /** Someone chose a step by hand. */
    #choose(index) {
        if (index >= 0 && index < this.#steps.entries.length && index !== this.#index) {
            this.#select(index);
        }
    }

    /** Resolves when the step's picture can be seen. */
    #select(index) {
        const far = Math.abs(index - this.#index) > 3;
        this.#index = index;
        this.#timeline.select(index);
        this.#strip.select(index, { centre: far || this.#player.playing });
        replaceQuery({ step: index ? this.#steps.entries[index].step_id : undefined });
        return this.#stage.show(index, { quick: this.#player.playing, signal: this.#signal });
    }

    /** Which captures are missing. It reads every record, so it comes last. */
    async #judge() {
        this.#judged = true;
        this.#judgedAt = Date.now();
        const path = withQuery(this.#path, { completeness: true });
        const { completeness } = await getJson(path, { signal: this.#signal }).catch(() => ({}));
        if (!completeness) {
            return;
        }
        const { missing, missing_count: number, ended } = completeness;
        const end = ended ? "ended" : "not ended";
        const chip = number
            ? el(
                  "span",
                  { class: "badge bad", title: `Sequence ${ranges(missing, 50)}` },
                  icon("gap"),
                  `${count(number, "capture")} missing: ${ranges(missing, 4)}`,
              )
            : el("span", { class: "badge good" }, icon("check"), "nothing missing");
        this.#completeness.replaceChildren(chip, el("span", { class: ended ? "badge" : "badge open" }, end));
        if (number) {
            const show = () => {
                this.#timeline.surveyed();
                this.#strip.show();
            };
            await this.#steps.survey(this.#signal, show).catch(() => {});
        }
    }

    async #refresh() {
        const { entries } = this.#steps;
        const chosen = entries[this.#index]?.key;
        const { added, changed } = await this.#steps.refresh(this.#signal);
        if (changed) {
            this.#index = Math.max(0, this.#steps.indexOf(chosen));
            this.#timeline.show(this.#steps.entries);
            this.#strip.show();
            this.#timeline.select(this.#index);
            this.#summary = await getJson(this.#path, { signal: this.#signal });
            this.#judged = false;
        }
        if (!this.#judged && Date.now() - this.#judgedAt > JUDGE_AGAIN) {
            this.#judge();
        }
        this.#describe();
        if (added) {
            announce(count(added, "new step"));
            if (this.#follow.getAttribute("aria-pressed") === "true") {
                this.#select(this.#steps.entries.length - 1);
            }
        }
        return changed;
    }

    #keys() {
        const by = (step) => () => this.#choose(this.#index + step);
        const toggle = () => this.#player.toggle();
        const open = () => (location.hash = hashOf(this.#steps.entries[this.#index].links.latest));
        shortcuts(
            {
                ArrowRight: by(1),
                j: by(1),
                ArrowLeft: by(-1),
                k: by(-1),
                Home: () => this.#choose(0),
                End: () => this.#choose(this.#steps.entries.length - 1),
                Enter: open,
                " ": toggle,
                p: toggle,
                f: () => this.#toggleFollow(),
                Escape: () => (location.hash = "#/sessions"),
            },
            this.#signal,
        );
    }
}
