// Plays a session's steps like a film.

export const SPEEDS = [0.5, 1, 2, 4, 8];
const EVEN = 800;
const LONGEST = 4_000;
const SHORTEST = 60;

/**
 * How long a step stays on screen, in milliseconds: as long as it took until the next one, pauses cut to 4 s ("real"),
 * or the same for every step ("even").
 */
export function stay(millisToNext, mode, speed) {
    const natural = mode === "even" ? EVEN : Math.min(Math.max(millisToNext, 0), LONGEST);
    return Math.max(SHORTEST, natural / speed);
}

export class Player extends EventTarget {
    mode = "real";
    speed = 1;
    #film;
    #turn = 0;
    #playing = false;

    /** `film`: { index, length, time(index), show(index) → promise of when it can be seen }. */
    constructor(film, signal) {
        super();
        this.#film = film;
        signal.addEventListener("abort", () => this.pause());
    }

    get playing() {
        return this.#playing;
    }

    toggle() {
        if (this.#playing) {
            this.pause();
        } else {
            this.play();
        }
    }

    pause() {
        this.#turn++;
        this.#change(false);
    }

    /** Plays on from where the film is; from the start when it is at its end. Resolves when it ends or is paused. */
    async play() {
        const turn = ++this.#turn;
        this.#change(true);
        if (this.#film.index >= this.#film.length - 1) {
            await this.#film.show(0);
        }
        while (turn === this.#turn && this.#film.index < this.#film.length - 1) {
            const { index } = this.#film;
            await wait(stay(this.#film.time(index + 1) - this.#film.time(index), this.mode, this.speed));
            // Someone may have stepped by hand meanwhile: play on from there.
            if (turn === this.#turn && this.#film.index === index) {
                await this.#film.show(index + 1);
            }
        }
        if (turn === this.#turn) {
            this.#change(false);
        }
    }

    #change(playing) {
        if (playing !== this.#playing) {
            this.#playing = playing;
            this.dispatchEvent(new Event("change"));
        }
    }
}

const wait = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
