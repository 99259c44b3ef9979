// Builds the page's elements. Captured text goes in as text nodes and attribute values only, never as HTML.

/**
 * An element. `props`: `class`, `dataset` (object), `style` (object, set through CSSOM as the CSP asks), `on…` listeners,
 * anything else is an attribute; `false` and `undefined` leave it out, `true` sets it empty. Children: nodes or text.
 */
export function el(tag, props = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(props)) {
        if (value === undefined || value === null || value === false) {
            continue;
        }
        if (name === "class") {
            element.className = value;
        } else if (name === "dataset") {
            Object.assign(element.dataset, value);
        } else if (name === "style") {
            for (const [property, text] of Object.entries(value)) {
                element.style.setProperty(property, text);
            }
        } else if (name.startsWith("on")) {
            element.addEventListener(name.slice(2), value);
        } else {
            element.setAttribute(name, value === true ? "" : value);
        }
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** An SVG element; attributes only. */
export function svg(tag, attributes = {}, ...children) {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) {
        element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
}

/** An icon of index.html, for the eye only. */
export function icon(name) {
    return svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: `#icon-${name}` }));
}

/** A button with an icon and a name that is read aloud and shown as its tooltip. */
export function iconButton(name, label, onclick, props = {}) {
    return el(
        "button",
        { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...props },
        icon(name),
    );
}

/** A button that copies `text()` and says so. */
export function copyButton(label, text) {
    const button = iconButton("copy", label, async () => {
        await copy(await text());
        button.replaceChildren(icon("check"));
        announce("Copied");
        setTimeout(() => button.replaceChildren(icon("copy")), 1500);
    });
    return button;
}

/** Browsers have a clipboard for pages only over https and on this machine; elsewhere the old way still works. */
async function copy(text) {
    if (navigator.clipboard) {
        await navigator.clipboard.writeText(text);
        return;
    }
    const area = el("textarea", { class: "visually-hidden", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
}

/** Says something to screen readers. */
export function announce(text) {
    const announcer = document.getElementById("announcer");
    announcer.textContent = "";
    requestAnimationFrame(() => (announcer.textContent = text));
}

/** Wires a row of toggle buttons of which one is pressed. `options`: [value, label, title?]. */
export function choice(label, options, chosen, onchange) {
    const group = el("div", { class: "segmented", role: "group", "aria-label": label });
    const press = (value) => {
        for (const button of group.children) {
            button.setAttribute("aria-pressed", String(button.dataset.value === String(value)));
        }
    };
    for (const [value, text, title] of options) {
        const onclick = () => {
            press(value);
            onchange(value);
        };
        group.append(el("button", { type: "button", dataset: { value }, title, onclick }, text));
    }
    press(chosen);
    return group;
}

/** Whether someone is typing into `target`, so that single keys are text. */
export function isTyping(target) {
    return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}
