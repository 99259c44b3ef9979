// Talks to the read API. Every failure is an ApiError of a known kind; whether the server answers is told to `connection`.

export const ROOT = "/api/v1";

/** kind: "signin" | "forbidden" | "absent" | "expired" | "busy" | "offline" | "failed" */
export class ApiError extends Error {
    constructor(kind, title, detail, status) {
        super(title);
        this.kind = kind;
        this.detail = detail;
        this.status = status;
    }
}

const KINDS = {
    401: "signin",
    403: "forbidden",
    404: "absent",
    410: "expired",
    429: "busy",
    502: "busy",
    503: "busy",
    504: "busy",
};

/** Events "lost", "back" (the server stopped answering, answers again) and "signin" (a token is needed). */
export const connection = new (class extends EventTarget {
    #answers = true;

    get answers() {
        return this.#answers;
    }

    told(answers) {
        if (answers !== this.#answers) {
            this.#answers = answers;
            this.dispatchEvent(new Event(answers ? "back" : "lost"));
        }
    }
})();

/** A response with a good status, or an ApiError. An abort stays an AbortError. */
export async function request(path, { signal, method = "GET", headers = {} } = {}) {
    let response;
    try {
        response = await fetch(path, { signal, method, headers, credentials: "same-origin", redirect: "error" });
    } catch (failure) {
        if (signal?.aborted || failure.name === "AbortError") {
            throw failure;
        }
        connection.told(false);
        throw new ApiError("offline", "The server does not answer", "It may be restarting, or the network is down.");
    }
    connection.told(true);
    if (response.ok) {
        return response;
    }
    const problem = await response.json().catch(() => ({}));
    const kind = KINDS[response.status] ?? "failed";
    if (kind === "signin") {
        connection.dispatchEvent(new Event("signin"));
    }
    throw new ApiError(
        kind,
        problem.title ?? `The server answered ${response.status}`,
        problem.detail,
        response.status,
    );
}

/** The JSON at a path of the API. */
export async function getJson(path, options) {
    return (await request(path, options)).json();
}

/** The JSON at a path and its entity tag, to see whether anything changed. */
export async function getTagged(path, options) {
    const response = await request(path, options);
    return { tag: response.headers.get("ETag"), body: await response.json() };
}

/** A path with a query; empty values are left out. */
export function withQuery(path, query) {
    const entries = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
    return entries.length ? `${path}?${new URLSearchParams(entries)}` : path;
}

/** A text artifact, at most `limit` bytes of it, in the character set its type names. `cut` tells whether there is more. */
export async function getText(artifact, limit, { signal } = {}) {
    const cut = artifact.size > limit;
    const headers = cut ? { Range: `bytes=0-${limit - 1}` } : {};
    const response = await request(artifact.links.self, { signal, headers });
    const buffer = await response.arrayBuffer();
    return { text: decoder(artifact.content_type).decode(cut ? buffer.slice(0, limit) : buffer), cut };
}

function decoder(contentType) {
    const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? "utf-8";
    try {
        return new TextDecoder(charset);
    } catch {
        return new TextDecoder();
    }
}
