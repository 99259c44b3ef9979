// What changed since the step before: action and HTML.

import { getJson, getText } from "./api.js";
import { parsed } from "./action.js";
import { htmlOf } from "./artifacts.js";
import { diffSection } from "./diff.js";
import { el } from "./dom.js";
import { bytes } from "./format.js";
import { shortcuts } from "./keyboard.js";
import { hashOf } from "./router.js";
import { note, skeleton } from "./states.js";

const LIMIT = 4 * 1024 * 1024;

export async function diffView({ record, before }, panel, signal) {
    panel.replaceChildren(skeleton("lines", 12));
    const entry = await before();
    if (signal.aborted) {
        return;
    }
    if (!entry) {
        panel.replaceChildren(
            note("empty", "This is the first step of the session: there is nothing to compare it with."),
        );
        return;
    }
    const earlier = await getJson(entry.links.self, { signal });
    const against = el(
        "p",
        { class: "hint" },
        "Against the step before, ",
        el("a", { class: "id", href: hashOf(entry.links.latest) }, entry.step_id),
        ".",
    );
    panel.replaceChildren(against);
    await compareRecords(earlier, record, panel, signal);
}

/** Appends the differences between two records to `panel`. */
export async function compareRecords(earlier, later, panel, signal) {
    const action = diffSection("Action", indented(earlier.action), indented(later.action), { grows: true, signal });
    panel.append(action.element);
    const artifacts = [earlier, later].map(htmlOf);
    const sections = [action];
    if (artifacts.some((artifact) => !artifact)) {
        panel.append(
            note("file", artifacts.some(Boolean) ? "Only one of the two has HTML." : "Neither of the two has HTML."),
        );
    } else if (artifacts[0].sha256 === artifacts[1].sha256) {
        const same = el("p", { class: "same" }, "No difference: the same bytes.");
        panel.append(
            el(
                "section",
                { class: "diff", "aria-label": "HTML" },
                el("div", { class: "toolbar" }, el("h2", {}, "HTML")),
                same,
            ),
        );
    } else if (artifacts.some((artifact) => artifact.size > LIMIT)) {
        panel.append(
            note("alert", `The HTML is larger than ${bytes(LIMIT)}, too much to compare here. Both can be downloaded.`),
        );
    } else {
        const [a, b] = await Promise.all(artifacts.map((artifact) => getText(artifact, LIMIT, { signal })));
        if (signal.aborted) {
            return;
        }
        const html = diffSection("HTML", a.text, b.text, { signal });
        panel.append(html.element);
        sections.push(html);
    }
    const last = sections.at(-1);
    shortcuts({ n: () => last.move(1), N: () => last.move(-1) }, signal);
    await Promise.all(sections.map((section) => section.done));
}

function indented(text) {
    const json = parsed(text);
    return json === null ? (text ?? "") : JSON.stringify(json, null, 2);
}
