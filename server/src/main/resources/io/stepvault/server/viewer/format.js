// Numbers, times and sizes as people read them. Times are shown in UTC, as keys and day markers have them.

const DAY = new Intl.DateTimeFormat("en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
});
const NUMBER = new Intl.NumberFormat("en-US");

export const count = (number, one, many = `${one}s`) => `${NUMBER.format(number)} ${number === 1 ? one : many}`;

export const number = (value) => NUMBER.format(value);

/** `2026-11-20` as "Friday, 20 November 2026", with "Today" and "Yesterday" by name. */
export function day(text, now = Date.now()) {
    const name = DAY.format(new Date(`${text}T00:00:00Z`)).replace(/^(\w+) /, "$1, ");
    const today = new Date(now).toISOString().slice(0, 10);
    const yesterday = new Date(now - 86_400_000).toISOString().slice(0, 10);
    return text === today ? `Today, ${name}` : text === yesterday ? `Yesterday, ${name}` : name;
}

/** The time of day to the second, "08:00:04". */
export const clock = (millis) => new Date(millis).toISOString().slice(11, 19);

/** Date and time to the millisecond, "2026-11-20 08:00:04.993 UTC". */
export const instant = (millis) => `${new Date(millis).toISOString().slice(0, 23).replace("T", " ")} UTC`;

/** Milliseconds as "480 ms", "5.2 s", "3 min 20 s", "2 h 5 min", "4 d 2 h". */
export function duration(millis) {
    if (millis < 1000) {
        return `${Math.round(millis)} ms`;
    }
    const seconds = millis / 1000;
    if (seconds < 60) {
        return `${seconds < 10 ? seconds.toFixed(1) : Math.floor(seconds)} s`;
    }
    const units = [
        ["d", 86_400],
        ["h", 3600],
        ["min", 60],
        ["s", 1],
    ];
    const first = units.findIndex(([, size]) => seconds >= size);
    const whole = Math.floor(seconds / units[first][1]);
    const rest = Math.floor((seconds - whole * units[first][1]) / units[first + 1][1]);
    return `${whole} ${units[first][0]}${rest ? ` ${rest} ${units[first + 1][0]}` : ""}`;
}

/** Milliseconds since the start, "+1:02:05" or "+0:04". */
export function offset(millis) {
    const seconds = Math.max(0, Math.floor(millis / 1000));
    const two = (value) => String(value).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    return `+${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

/** Bytes in binary units, "512 B", "1.4 MiB". */
export function bytes(size) {
    let value = size;
    let unit = 0;
    while (value >= 1024 && unit < 4) {
        value /= 1024;
        unit++;
    }
    return `${unit && value < 10 ? value.toFixed(1) : Math.round(value)} ${["B", "KiB", "MiB", "GiB", "TiB"][unit]}`;
}

/** "3 s ago", for what happened lately. */
export const ago = (millis, now = Date.now()) => (now - millis < 2_000 ? "just now" : `${duration(now - millis)} ago`);

/** Missing sequence ranges as "4, 7–9". */
export function ranges(list, limit = 8) {
    const text = list.slice(0, limit).map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`));
    return text.join(", ") + (list.length > limit ? ", …" : "");
}
