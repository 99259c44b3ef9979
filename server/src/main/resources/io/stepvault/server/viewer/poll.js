// Asks again and again while the page is visible: soon after a change, ever more rarely while nothing changes.

const FIRST = 2_000;
const LAST = 30_000;

/** Calls `ask()` (a promise of whether anything changed) until `signal` aborts. Failures count as no change. */
export function poll(ask, signal) {
    let delay = FIRST;
    let timer;
    const plan = () => {
        clearTimeout(timer);
        if (!signal.aborted && !document.hidden) {
            timer = setTimeout(turn, delay);
        }
    };
    const turn = async () => {
        const changed = await ask().catch(() => false);
        delay = changed ? FIRST : Math.min(delay * 1.5, LAST);
        plan();
    };
    const seen = () => {
        clearTimeout(timer);
        if (!document.hidden) {
            delay = FIRST;
            turn();
        }
    };
    document.addEventListener("visibilitychange", seen, { signal });
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    plan();
}
