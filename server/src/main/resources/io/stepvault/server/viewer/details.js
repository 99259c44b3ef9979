// What is known of a step, beside its views.

import { attachmentsOf, htmlOf, nameOf, screenshotOf } from "./artifacts.js";
import { copyButton, el } from "./dom.js";
import { bytes, instant, number } from "./format.js";
import { hashOf } from "./router.js";

/** `old`: a revision was asked for by name, which may not be the latest. */
export function detailsPanel(record, old) {
    const rows = [
        ["Captured", [instant(Date.parse(record.captured_at))]],
        [
            "Sequence",
            record.sequence === undefined ? [el("span", { class: "faint" }, "none")] : [number(record.sequence)],
        ],
        ["Step", [el("span", { class: "id" }, record.step_id), copyButton("Copy the step id", () => record.step_id)]],
        [
            "Revision",
            [el("span", { class: "id" }, record.revision), copyButton("Copy the revision", () => record.revision)],
        ],
        record.url && ["Address", [address(record.url), copyButton("Copy the address", () => record.url)]],
        record.end_of_session && ["Session", ["ends with this step"]],
    ];
    return el(
        "aside",
        { class: "details", "aria-label": "About this step" },
        old &&
            el(
                "p",
                { class: "hint" },
                "This revision was asked for by name. ",
                el("a", { href: hashOf(record.links.latest) }, "Go to the latest"),
            ),
        el("dl", {}, ...rows.filter(Boolean).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, ...value)])),
        labels(record.labels ?? {}),
        artifacts([screenshotOf(record), htmlOf(record), ...attachmentsOf(record)].filter(Boolean)),
    );
}

/** A captured address is a link only when it is one of the web. */
function address(url) {
    return /^https?:\/\//i.test(url)
        ? el("a", { class: "url", href: url, target: "_blank", rel: "noreferrer noopener" }, url)
        : el("span", { class: "url" }, url);
}

function labels(map) {
    const entries = Object.entries(map);
    return (
        entries.length > 0 &&
        el(
            "section",
            {},
            el("h2", {}, "Labels"),
            el(
                "ul",
                { class: "labels" },
                ...entries.map(([name, value]) => el("li", {}, el("span", { class: "faint" }, name), " ", value)),
            ),
        )
    );
}

function artifacts(list) {
    return el(
        "section",
        {},
        el("h2", {}, "Artifacts"),
        list.length === 0 && el("p", { class: "faint" }, "None."),
        el(
            "ul",
            { class: "artifacts" },
            ...list.map((artifact) =>
                el(
                    "li",
                    {},
                    el(
                        "div",
                        { class: "artifact-name" },
                        el("a", { href: artifact.links.download, title: "Download" }, nameOf(artifact)),
                        el("span", { class: "faint" }, bytes(artifact.size)),
                    ),
                    el("div", { class: "artifact-more faint" }, el("span", { class: "type" }, artifact.content_type)),
                    el(
                        "div",
                        { class: "artifact-more faint" },
                        el("code", { title: `SHA-256 ${artifact.sha256}` }, `sha256 ${artifact.sha256.slice(0, 16)}…`),
                        copyButton(`Copy the SHA-256 of ${nameOf(artifact)}`, () => artifact.sha256),
                    ),
                ),
            ),
        ),
    );
}
