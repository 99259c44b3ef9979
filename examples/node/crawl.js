#!/usr/bin/env node
// Walks a site with Chromium along its links with id="next", and publishes each page that it sees as a step.
//
//   node crawl.js --bootstrap 127.0.0.1:9092 --start http://127.0.0.1:8000/index.html [--session ID] [--topic TOPIC]
//
// Prints a line of JSON for each step that the brokers have.

import { createHash, randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { StepPublisher } from "./step-publisher.js";

const VIEWPORT = { width: 1280, height: 800 };
const MAX_STEPS = 50;

const { values: options } = parseArgs({
    options: {
        bootstrap: { type: "string", default: "127.0.0.1:9092" },
        topic: { type: "string", default: "step-captures" },
        start: { type: "string" },
        session: { type: "string", default: `example-node-${randomUUID()}` },
    },
});
if (!options.start) {
    console.error("crawl.js: --start URL is missing");
    process.exit(2);
}

const publisher = await StepPublisher.connect(options.bootstrap.split(","), options.topic);
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync"],
});
try {
    await crawl(await browser.newPage({ viewport: VIEWPORT }));
} finally {
    await browser.close();
    await publisher.close();
}

async function crawl(page) {
    await page.goto(options.start);
    for (let number = 1; number <= MAX_STEPS; number++) {
        const next = page.locator("#next");
        const goesOn = number < MAX_STEPS && (await next.count()) === 1;
        await publish(page, number, goesOn ? await clickOn(next) : { type: "stop" }, !goesOn);
        if (!goesOn) {
            return;
        }
        await next.click();
        await page.waitForLoadState();
    }
}

/** What the viewer shows of an action: what it is, what it is aimed at, and where that is. */
async function clickOn(link) {
    return {
        type: "click",
        selector: "#next",
        text: await link.innerText(),
        box: await link.boundingBox(),
        viewport: VIEWPORT,
    };
}

/** A step is a page as the crawler found it, and what it then did there. */
async function publish(page, number, action, isLast) {
    const html = Buffer.from(await page.content(), "utf8");
    const screenshot = await page.screenshot();
    const capture = {
        session_id: options.session,
        step_id: `step-${String(number).padStart(4, "0")}`,
        captured_at: Date.now() * 1000,
        url: page.url(),
        html: { content_type: "text/html; charset=utf-8", data: html },
        screenshot: { content_type: "image/png", data: screenshot },
        action: JSON.stringify(action),
        labels: { crawler: "examples/node", title: await page.title() },
        end_of_session: isLast,
    };
    const { sequence, records } = await publisher.publish(capture);
    console.log(JSON.stringify({
        session: capture.session_id,
        step: capture.step_id,
        sequence,
        records,
        html: sha256(html),
        screenshot: sha256(screenshot),
        action: capture.action,
    }));
}

function sha256(buffer) {
    return createHash("sha256").update(buffer).digest("hex");
}
