// What concerns all accounts, and is therefore done once: the clock, the template account, resets, events, health.
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Connection } from "../harness/connection.mjs";
import { json, noContent, problemDocument } from "./verdicts.mjs";
import { control, ownAccount } from "./world.mjs";

const healthMs = 250;
const clockMs = 1_000;

/**
 * @param {{ server: { port: number, url: URL }, tally: import("./worker.mjs").Tally,
 *   random: import("../harness/random.mjs").Random, hasEnded: () => boolean }} options
 */
export function createKeeper({ server, tally, random, hasEnded }) {
  const connection = new Connection(server.port);
  let slowestHealthMs = 0;

  /**
   * @param {string} kind
   * @param {string} text
   * @param {import("./worker.mjs").Verdict} verdict
   */
  async function ask(kind, text, verdict) {
    const answer = await connection.send(text);
    tally.judge(kind, answer, verdict, text);
  }

  /** Has a connection of its own, so that it waits for nothing but the mock. */
  async function checkHealth() {
    const own = new Connection(server.port);
    const text = control("GET", "/health");
    while (!hasEnded()) {
      const begin = performance.now();
      const answer = await own.send(text);
      slowestHealthMs = Math.max(slowestHealthMs, performance.now() - begin);
      tally.judge("control: health", answer, (given) => json(given, 200), text);
      await sleep(healthMs);
    }
    own.close();
  }

  /** Watches now and then, since the mock writes events out only while someone watches: one account, then everything. */
  async function watch() {
    while (!hasEnded()) {
      for (const query of [`?account=${ownAccount(0)}`, ""]) {
        const stop = watchEvents(server.url, query, tally);
        await sleep(1_000);
        stop();
      }
      await sleepUnless(hasEnded, 8_000);
    }
  }

  return {
    /** Looks on until the soak is over. */
    keep: () => Promise.all([checkHealth(), watch()]),
    /** @param {() => boolean} isDue */
    async moveClockUntil(isDue) {
      while (!isDue()) {
        const moves = [
          { advance: { hours: 6 } },
          { toNextRenewal: true },
          { freeze: true },
          { resume: true },
        ];
        await ask(
          "control: move the clock",
          control("POST", "/clock?limit=20", random.of(moves)),
          clockMoved,
        );
        await sleepUnless(isDue, clockMs);
      }
    },
    /** Must not run beside anything whose outcome depends on the state. */
    reset: () => ask("control: reset", control("POST", "/reset"), (answer) => noContent(answer, 204)),
    slowestHealthMs: () => slowestHealthMs,
    close: () => connection.close(),
  };
}

/**
 * @param {() => boolean} hasEnded
 * @param {number} ms
 */
async function sleepUnless(hasEnded, ms) {
  const due = performance.now() + ms;
  while (!hasEnded() && performance.now() < due) await sleep(100);
}

/** @type {import("./worker.mjs").Verdict} */
function clockMoved(answer) {
  if (answer.status === 409) {
    return /No renewal is due/.test(String(answer.body)) ? problemDocument(answer, 409) : String(answer.body);
  }
  return json(
    answer,
    200,
    ({ now, frozen }) => !Number.isNaN(Date.parse(now)) && typeof frozen === "boolean",
  );
}

/**
 * Takes events as a page does, and returns a function that stops it.
 *
 * @param {URL} url
 * @param {string} query
 * @param {import("./worker.mjs").Tally} tally
 */
function watchEvents(url, query, tally) {
  const watching = request(new URL(`/__mock/events${query}`, url), (response) => {
    response.on("data", () => tally.count(`pieces of events${query && ", of one account"}`));
    response.on("error", () => {});
  });
  watching.on("error", () => {}).end();
  return () => watching.destroy();
}
