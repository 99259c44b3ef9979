// Small pictures of steps.

import { el, icon } from "./dom.js";

/** A step's picture, `width` 160, 320 or 640, from its `links`; a placeholder when it has none. */
export function thumbnail(links, width, { alt = "", lazy = true } = {}) {
  const frame = el("span", { class: "thumb" });
  if (!links?.thumbnail) {
    return missing(frame);
  }
  const image = el("img", { alt, decoding: "async", loading: lazy ? "lazy" : "eager", draggable: "false" });
  image.addEventListener("load", () => frame.classList.add("loaded"), { once: true });
  // A format that the server cannot scale is shown as it is.
  const original = () => {
    image.addEventListener("error", () => missing(frame), { once: true });
    image.src = links.thumbnail.replace(/\/thumbnail$/, "/artifacts/screenshot");
  };
  image.addEventListener("error", original, { once: true });
  image.src = `${links.thumbnail}?width=${width}`;
  frame.append(image);
  return frame;
}

function missing(frame) {
  frame.classList.add("empty");
  frame.replaceChildren(icon("image"));
  return frame;
}
