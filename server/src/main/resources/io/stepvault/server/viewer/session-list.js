// The list of sessions as far as it was loaded, and what came since.

import { getJson, ROOT, withQuery } from "./api.js";

const PAGE = 500;
const REFRESH_PAGE = 1000;
const REFRESH_PAGES = 5;

const keyOf = (item) => `${item.day}/${item.session_id}`;

export class SessionList {
    items = [];
    /** The token of the page after what was loaded; null when all of it was. */
    next = "";
    #filter;
    #loading = null;

    constructor(filter) {
        this.#filter = filter;
    }

    /** Loads one more page. Calls at the same time share one request. */
    more(signal) {
        this.#loading ??= this.#load(signal).finally(() => (this.#loading = null));
        return this.#loading;
    }

    async #load(signal) {
        if (this.next === null) {
            return;
        }
        const body = await getJson(withQuery(`${ROOT}/sessions`, { ...this.#filter, limit: PAGE, page: this.next }), {
            signal,
        });
        const known = new Set(this.items.map(keyOf));
        this.items = [...this.items, ...body.sessions.filter((item) => !known.has(keyOf(item)))];
        this.next = body.next ?? null;
    }

    /**
     * Asks again for the newest day that was loaded and the days after it, at most 5,000 sessions. Beyond them, and on
     * older days, new sessions show when the list is opened again.
     */
    async refresh(signal) {
        const newest = this.items[0]?.day;
        const from = newest ?? this.#filter.from;
        const head = [];
        let page = "";
        for (let pages = 0; pages < REFRESH_PAGES && page !== undefined; pages++) {
            const query = { ...this.#filter, from, limit: REFRESH_PAGE, page };
            const body = await getJson(withQuery(`${ROOT}/sessions`, query), { signal });
            head.push(...body.sessions);
            page = body.next;
        }
        return this.#merge(newest, head, page === undefined);
    }

    #merge(newest, head, complete) {
        const old = this.items;
        const tail = old.filter((item) => item.day < newest);
        const known = new Set(old.map(keyOf));
        let fresh = head;
        // Of a day that was loaded in part, what comes after that part is left to the next page.
        if (this.next && tail.length === 0 && old.length) {
            const last = fresh.findIndex((item) => keyOf(item) === keyOf(old[old.length - 1]));
            fresh = last < 0 ? [...fresh.filter((item) => item.day > newest), ...old] : fresh.slice(0, last + 1);
        } else if (!complete) {
            const seen = new Set(fresh.map(keyOf));
            fresh = [...fresh, ...old.filter((item) => item.day >= newest && !seen.has(keyOf(item)))];
        }
        const items = [...fresh, ...tail];
        const added = fresh.filter((item) => !known.has(keyOf(item)));
        const changed = added.length > 0 || items.length !== old.length;
        if (changed) {
            this.items = items;
        }
        return { added, changed };
    }
}
