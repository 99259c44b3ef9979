// The chosen step of a session, large, with what its action did.

import { readAction, shortUrl, targetOf } from "./action.js";
import { attachmentsOf, screenshotOf } from "./artifacts.js";
import { el, icon } from "./dom.js";
import { clock, count, instant, number, offset } from "./format.js";
import { hasMarks, marks } from "./marks.js";
import { hashOf } from "./router.js";

export class Stage {
    element;
    #steps;
    #picture = el("a", { class: "stage-picture" });
    #about = el("div", { class: "stage-about" });
    #turn = 0;

    constructor(steps) {
        this.#steps = steps;
        this.element = el("section", { class: "stage", "aria-label": "Chosen step" }, this.#picture, this.#about);
    }

    /** Shows a step; resolves when its picture can be seen. `quick`: while playing, the scaled picture will do. */
    async show(index, { quick = false, signal }) {
        const turn = ++this.#turn;
        const isCurrent = () => turn === this.#turn && !signal.aborted;
        const { entries } = this.#steps;
        const entry = entries[index];
        const picture = this.#load(entry.links.thumbnail && `${entry.links.thumbnail}?width=640`);
        const record = await this.#steps.record(entry, signal).catch(() => null);
        if (!isCurrent()) {
            return;
        }
        const action = readAction(record?.action);
        this.#describe(index, entry, record, action);
        this.#picture.href = hashOf(entry.links.latest);
        this.#picture.setAttribute("aria-label", `Open step ${index + 1}`);
        const original = record && screenshotOf(record);
        const loadOriginal = () => (original ? this.#load(original.links.self) : null);
        const image = (await picture) ?? (await loadOriginal());
        if (!isCurrent()) {
            return;
        }
        this.#put(image, action);
        const next = entries[index + 1];
        if (next?.links.thumbnail) {
            this.#load(`${next.links.thumbnail}?width=640`);
        }
        if (!quick && image) {
            loadOriginal()?.then((sharp) => sharp && isCurrent() && this.#put(sharp, action));
        }
    }

    #put(image, action) {
        if (image) {
            this.#picture.replaceChildren(image, ...(hasMarks(action) ? [marks(image, action)] : []));
        } else {
            this.#picture.replaceChildren(
                el("div", { class: "no-picture" }, icon("image"), "No screenshot of this step"),
            );
        }
    }

    /** An image that is ready to be shown, or null. */
    async #load(source) {
        if (!source) {
            return null;
        }
        const image = el("img", { src: source, alt: "", draggable: "false" });
        return image.decode().then(
            () => image,
            () => null,
        );
    }

    #describe(index, entry, record, action) {
        const { entries } = this.#steps;
        const start = entries[0].time;
        const facts = [
            ["Text", action.text !== targetOf(action) && action.text],
            ["Selector", action.selector, "mono"],
            ["Title", action.title !== targetOf(action) && action.title],
            ["Address", record?.url ?? action.url, "url"],
        ].filter(([, value]) => value);
        const sequence = record?.sequence !== undefined ? ` · sequence ${record.sequence}` : "";
        const attachments = record ? attachmentsOf(record).length : 0;
        const parts = [
            el("p", { class: "stage-count" }, `Step ${number(index + 1)} of ${number(entries.length)}${sequence}`),
            el(
                "h2",
                {},
                el("span", { class: "verb" }, action.verb ?? "step"),
                " ",
                el("span", {}, targetOf(action) || entry.step_id),
            ),
            el(
                "p",
                { class: "faint", title: instant(entry.time) },
                `${clock(entry.time)} UTC, ${offset(entry.time - start)}`,
            ),
            el(
                "dl",
                { class: "facts-list" },
                ...facts.flatMap(([name, value, kind]) => [
                    el("dt", {}, name),
                    el("dd", { class: kind }, kind === "url" ? shortUrl(value) : value),
                ]),
            ),
            attachments > 0 && el("p", { class: "faint" }, count(attachments, "attachment")),
            record?.end_of_session && el("p", { class: "badge" }, "end of session"),
            el("a", { class: "button", href: hashOf(entry.links.latest) }, icon("expand"), "Open step"),
        ];
        this.#about.replaceChildren(...parts.filter(Boolean));
    }
}
