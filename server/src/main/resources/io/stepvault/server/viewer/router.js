// Hash routes. A segment is an id as the API's paths have it, so a route mirrors a path:
// #/sessions, #/sessions/<id>, #/sessions/<id>/steps/<id>, each with a query.

import { ROOT } from "./api.js";

const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9_.%-]+$/;

/** The route of a location hash: { name: "sessions" | "session" | "step" | "unknown", session, step, query }. */
export function parse(hash) {
    const [path, search = ""] = hash.replace(/^#/, "").split("?", 2);
    const query = Object.fromEntries(new URLSearchParams(search));
    const [first, session, steps, step, ...more] = path.split("/").filter(Boolean);
    const valid = [session, step].every((segment) => segment === undefined || SEGMENT.test(segment));
    if (first === undefined) {
        return { name: "sessions", query };
    }
    if (first !== "sessions" || !valid || more.length || (steps !== undefined && (steps !== "steps" || !step))) {
        return { name: "unknown", query };
    }
    return { name: step ? "step" : session ? "session" : "sessions", session, step, query };
}

/** The API's path of a route's session or step. */
export const sessionPath = (route) => `${ROOT}/sessions/${route.session}`;
export const stepPath = (route) => `${sessionPath(route)}/steps/${route.step}`;

/** The route of an API link to a session, a step or a revision of it. */
export function hashOf(link, query = {}) {
    const [, path, revision] = /^(.*?)(?:\/revisions\/([^/]+))?$/.exec(link.slice(ROOT.length));
    const entries = Object.entries({ revision, ...query }).filter(([, value]) => value !== undefined && value !== "");
    return `#${path}${entries.length ? `?${new URLSearchParams(entries)}` : ""}`;
}

/** Changes the query of the current route without a new page or history entry. */
export function replaceQuery(changes) {
    const [path] = location.hash.split("?", 1);
    const query = { ...parse(location.hash).query, ...changes };
    const entries = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
    history.replaceState(
        history.state,
        "",
        `${path || "#/sessions"}${entries.length ? `?${new URLSearchParams(entries)}` : ""}`,
    );
}

/** An id as people write it, from a segment; the segment itself when it is not well-formed. */
export function readable(segment) {
    try {
        return decodeURIComponent(decodeURIComponent(segment));
    } catch {
        return segment;
    }
}
