// Draws where an action happened on top of a screenshot.

import { svg } from "./dom.js";

/** Whether there is anything to draw. */
export const hasMarks = (action) => Boolean(action?.point || action?.box);

/**
 * An SVG to lie over `image` (loaded, shown with `object-fit: contain`), with the action's box and point. Coordinates
 * are those of the viewport; the image may be of another scale, and taller when it shows the whole page.
 */
export function marks(image, action) {
    const { naturalWidth: width, naturalHeight: height } = image;
    const scale = action.viewport ? width / action.viewport.width : 1;
    const wholePage = action.viewport && height > action.viewport.height * scale * 1.02;
    const scroll = wholePage ? action.scroll : { x: 0, y: 0 };
    const at = ({ x, y }) => ({ x: (x + scroll.x) * scale, y: (y + scroll.y) * scale });
    const layer = svg("svg", { class: "marks", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    if (action.box) {
        const corner = at(action.box);
        const pad = width / 400;
        const shape = {
            x: corner.x - pad,
            y: corner.y - pad,
            width: Math.max(0, action.box.width * scale) + 2 * pad,
            height: Math.max(0, action.box.height * scale) + 2 * pad,
            rx: pad * 1.5,
        };
        layer.append(svg("rect", { ...shape, class: "mark-halo" }), svg("rect", { ...shape, class: "mark-box" }));
    }
    if (action.point) {
        const { x, y } = at(action.point);
        const radius = width / 90;
        layer.append(
            svg("circle", { cx: x, cy: y, r: radius, class: "mark-halo" }),
            svg("circle", { cx: x, cy: y, r: radius, class: "mark-point" }),
            svg("circle", { cx: x, cy: y, r: radius / 4, class: "mark-centre" }),
        );
    }
    return layer;
}
