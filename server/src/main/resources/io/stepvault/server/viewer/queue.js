// A bounded queue of requests: what scrolls by must not flood the server.

export class RequestQueue {
    #limit;
    #running = 0;
    #waiting = [];

    constructor(limit) {
        this.#limit = limit;
    }

    /** Runs `task(signal)` when there is room, newest first. An aborted task leaves the queue and rejects. */
    run(task, signal) {
        return new Promise((resolve, reject) => {
            const job = { task, signal, resolve, reject };
            signal?.addEventListener("abort", () => this.#drop(job), { once: true });
            if (signal?.aborted) {
                reject(signal.reason);
                return;
            }
            this.#waiting.push(job);
            this.#next();
        });
    }

    #drop(job) {
        const index = this.#waiting.indexOf(job);
        if (index >= 0) {
            this.#waiting.splice(index, 1);
            job.reject(job.signal.reason);
        }
    }

    #next() {
        while (this.#running < this.#limit && this.#waiting.length) {
            const job = this.#waiting.pop();
            this.#running++;
            job.task(job.signal)
                .then(job.resolve, job.reject)
                .finally(() => {
                    this.#running--;
                    this.#next();
                });
        }
    }
}

/** For what fills in rows and cards in view. */
export const details = new RequestQueue(4);
