// A long list of which only the part in view, and a little around it, is in the document.

const OVERSCAN = 0.6;

export class WindowedList {
    #scroller;
    #content;
    #axis;
    #render;
    #onRange;
    #starts = [0];
    #shown = new Map();
    #keys = [];
    #scheduled = false;

    /**
     * `scroller` scrolls, its child `content` holds the items. `axis`: "y" or "x". `render(index, signal)` makes an item;
     * the signal aborts when it leaves the document. `onRange(first, last)` is told what is in the document.
     */
    constructor(scroller, content, { axis = "y", render, onRange = () => {}, signal }) {
        this.#scroller = scroller;
        this.#content = content;
        this.#axis = axis;
        this.#render = render;
        this.#onRange = onRange;
        scroller.addEventListener("scroll", () => this.#schedule(), { passive: true, signal });
        const observer = new ResizeObserver(() => this.#schedule());
        observer.observe(scroller);
        signal?.addEventListener("abort", () => {
            observer.disconnect();
            this.#clear();
        });
    }

    get length() {
        return this.#keys.length;
    }

    /** Where an item begins, in pixels from the content's start. */
    start(index) {
        return this.#starts[index];
    }

    size(index) {
        return this.#starts[index + 1] - this.#starts[index];
    }

    /**
     * Replaces the items: `keys` (unique) and `sizeOf(index)` in pixels. Items in view that stay are kept as they are,
     * and what is in view stays where it is when something comes before it.
     */
    items(keys, sizeOf) {
        const anchor = this.#anchor();
        const starts = new Float64Array(keys.length + 1);
        for (let index = 0; index < keys.length; index++) {
            starts[index + 1] = starts[index] + sizeOf(index);
        }
        const shown = new Map();
        const indexes = new Map(this.#shown.size ? keys.map((key, index) => [key, index]) : []);
        for (const item of this.#shown.values()) {
            const index = indexes.get(item.key);
            if (index === undefined) {
                this.#remove(item);
            } else {
                shown.set(index, item);
                this.#place(item.element, index, starts, keys.length);
            }
        }
        this.#keys = keys;
        this.#starts = starts;
        this.#shown = shown;
        this.#content.style.setProperty(this.#axis === "y" ? "height" : "width", `${starts[keys.length]}px`);
        const index = anchor && anchor.offset > 0 ? indexes.get(anchor.key) : undefined;
        if (index !== undefined) {
            this.#scrollTo(starts[index] + anchor.within);
        }
        this.#update();
    }

    /** Makes an item anew, if it is in the document. */
    redraw(index) {
        const item = this.#shown.get(index);
        if (item) {
            this.#remove(item);
            this.#shown.delete(index);
            this.#update();
        }
    }

    /** The item's element, if it is in the document. */
    element(index) {
        return this.#shown.get(index)?.element;
    }

    /** Scrolls as little as needed so that an item is in view (`centre`: into the middle), and gives its element. */
    reveal(index, { centre = false } = {}) {
        const viewport = this.#viewport();
        const start = this.#starts[index];
        const end = this.#starts[index + 1];
        if (centre) {
            this.#scrollTo((start + end - viewport.size) / 2);
        } else if (start < viewport.offset) {
            this.#scrollTo(start);
        } else if (end > viewport.offset + viewport.size) {
            this.#scrollTo(end - viewport.size);
        }
        this.#update();
        return this.element(index);
    }

    /** The first and last index in view. */
    range() {
        const { offset, size } = this.#viewport();
        return [this.#indexAt(offset), this.#indexAt(offset + size - 1)];
    }

    #viewport() {
        // The content may begin below the scroller's top: what is above it scrolls away with it.
        return this.#axis === "y"
            ? { offset: this.#scroller.scrollTop - this.#content.offsetTop, size: this.#scroller.clientHeight }
            : { offset: this.#scroller.scrollLeft - this.#content.offsetLeft, size: this.#scroller.clientWidth };
    }

    #scrollTo(position) {
        if (this.#axis === "y") {
            this.#scroller.scrollTop = position + this.#content.offsetTop;
        } else {
            this.#scroller.scrollLeft = position + this.#content.offsetLeft;
        }
    }

    #anchor() {
        if (!this.#keys.length) {
            return null;
        }
        const { offset } = this.#viewport();
        const index = this.#indexAt(offset);
        return { key: this.#keys[index], within: offset - this.#starts[index], offset };
    }

    /** The item at a position, by bisection. */
    #indexAt(position) {
        let low = 0;
        let high = this.#keys.length - 1;
        while (low < high) {
            const middle = (low + high + 1) >> 1;
            if (this.#starts[middle] <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    #schedule() {
        if (!this.#scheduled) {
            this.#scheduled = true;
            requestAnimationFrame(() => {
                this.#scheduled = false;
                this.#update();
            });
        }
    }

    #update() {
        if (!this.#keys.length) {
            this.#clear();
            return;
        }
        const { offset, size } = this.#viewport();
        const first = this.#indexAt(offset - size * OVERSCAN);
        const last = this.#indexAt(offset + size * (1 + OVERSCAN));
        for (const [index, item] of this.#shown) {
            if ((index < first || index > last) && !item.element.contains(document.activeElement)) {
                this.#remove(item);
                this.#shown.delete(index);
            }
        }
        for (let index = first; index <= last; index++) {
            if (!this.#shown.has(index)) {
                this.#add(index);
            }
        }
        this.#onRange(first, last);
    }

    #add(index) {
        const leaving = new AbortController();
        const element = this.#render(index, leaving.signal);
        element.classList.add("windowed-item");
        this.#place(element, index, this.#starts, this.#keys.length);
        this.#shown.set(index, { key: this.#keys[index], element, leaving });
        // In the order of the list, for the tab key and for screen readers.
        let before = null;
        let nearest = Infinity;
        for (const [other, item] of this.#shown) {
            if (other > index && other < nearest) {
                nearest = other;
                before = item.element;
            }
        }
        this.#content.insertBefore(element, before);
    }

    #place(element, index, starts, length) {
        element.style.setProperty(this.#axis === "y" ? "top" : "left", `${starts[index]}px`);
        element.style.setProperty(this.#axis === "y" ? "height" : "width", `${starts[index + 1] - starts[index]}px`);
        if (element.getAttribute("role") === "listitem") {
            element.setAttribute("aria-posinset", index + 1);
            element.setAttribute("aria-setsize", length);
        }
    }

    #remove(item) {
        item.leaving.abort();
        item.element.remove();
    }

    #clear() {
        this.#shown.forEach((item) => this.#remove(item));
        this.#shown.clear();
    }
}
