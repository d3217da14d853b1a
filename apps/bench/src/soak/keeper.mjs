// What concerns all accounts, and is therefore done once: the clock, the template account, resets, events, health.
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Connection } from "../harness/connection.mjs";
import { isHealth, json, jsonOf, noContent, problemDocument, uuid } from "./verdicts.mjs";
import { control, ownAccount } from "./world.mjs";

/** In a short soak there are some resets, too. */
const every = { healthMs: 250, clockMs: 1_000, resetMs: 20_000 };
const fewestResets = 3;

/** Those with an ID. Events of type `skipped` come only to those who limit how many they take, which nobody does here. */
const eventTypes = ["request", "change", "fault", "clock", "renewal", "queue", "log", "state"];

const streamStart = /^event: stream\nid: [\da-f-]+\/\d+\ndata: (.*)$/;
const laterEvent = /^event: (\w+)\nid: ([\da-f-]+)\/(\d+)\ndata: (.*)$/;

/** @typedef {ReturnType<typeof createGate>} Gate */

/**
 * @param {{ server: { port: number, url: URL }, gate: Gate, tally: import("./worker.mjs").Tally,
 *   random: import("../harness/random.mjs").Random, seconds: number, isOver: () => boolean, onReset: () => void }} options
 */
export function createKeeper({ server, gate, tally, random, seconds, isOver, onReset }) {
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
    return answer;
  }

  /** Has a connection of its own, so that it waits for nothing but the mock. */
  async function checkHealth() {
    const own = new Connection(server.port);
    const text = control("GET", "/health");
    while (!isOver()) {
      const begin = performance.now();
      const answer = await own.send(text);
      slowestHealthMs = Math.max(slowestHealthMs, performance.now() - begin);
      tally.judge("control: health", answer, isHealth, text);
      await sleep(every.healthMs);
    }
    own.close();
  }

  async function moveClock() {
    while (!isOver()) {
      const moves = [{ advance: { hours: 6 } }, { toNextRenewal: true }, { freeze: true }, { resume: true }];
      const text = control("POST", "/clock?limit=20", random.of(moves));
      await gate.through(() => ask("control: move the clock", text, clockMoved));
      await sleep(every.clockMs);
    }
  }

  async function reset() {
    const intervalMs = Math.min(every.resetMs, (seconds * 1_000) / (fewestResets + 1));
    while (!isOver()) {
      await sleepUnless(isOver, intervalMs);
      if (isOver()) return;
      await gate.alone(async () => {
        await ask("control: reset", control("POST", "/reset"), (answer) => noContent(answer, 204));
        onReset();
      });
    }
  }

  /** Watches now and then, since the mock writes events out only while someone watches: one account, then everything. */
  async function watch() {
    while (!isOver()) {
      for (const query of [`?account=${ownAccount(0)}`, ""]) {
        const stop = watchEvents(server.url, query, tally);
        await sleep(1_000);
        stop();
      }
      await sleepUnless(isOver, 8_000);
    }
  }

  return {
    keep: () => Promise.all([checkHealth(), moveClock(), reset(), watch()]),
    slowestHealthMs: () => slowestHealthMs,
    close: () => connection.close(),
  };
}

/**
 * @param {() => boolean} isOver
 * @param {number} ms
 */
async function sleepUnless(isOver, ms) {
  const due = performance.now() + ms;
  while (!isOver() && performance.now() < due) await sleep(100);
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
 * Watches events, and checks that the first one starts the stream, and that each other one can be read, is of the same
 * run of the mock and has the next number; returns a function that stops it. Those of one account leave numbers out.
 *
 * @param {URL} url
 * @param {string} query
 * @param {import("./worker.mjs").Tally} tally
 */
function watchEvents(url, query, tally) {
  const kind = `events${query && ", of one account"}`;
  /** @type {string | undefined} */
  let run;
  /** @type {number | undefined} */
  let last;
  let rest = "";
  const watching = request(new URL(`/__mock/events${query}`, url), (response) => {
    response.setEncoding("utf8");
    response.on("data", (text) => {
      const blocks = (rest + text).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) if (!block.startsWith(":")) read(block);
    });
    response.on("error", () => {});
  });
  watching.on("error", () => {});
  watching.end();

  /** @param {string} block */
  function read(block) {
    tally.count(kind);
    if (run === undefined) readStart(block);
    else readLater(block);
  }

  /** @param {string} block */
  function readStart(block) {
    const [, data = ""] = streamStart.exec(block) ?? [];
    const start = jsonOf({ body: Buffer.from(data) });
    run = String(start?.run);
    if (start?.type !== "stream" || !uuid.test(run) || start.isResumed !== false) {
      tally.addUnexpected(kind, `not the start of a stream: ${block.slice(0, 300)}`);
    }
  }

  /** @param {string} block */
  function readLater(block) {
    const [, type = "", ofRun, number, data = ""] = laterEvent.exec(block) ?? [];
    const event = jsonOf({ body: Buffer.from(data) });
    const isNext = last === undefined || (query ? Number(number) > last : Number(number) === last + 1);
    if (!eventTypes.includes(type) || ofRun !== run || !isNext || event?.type !== type) {
      tally.addUnexpected(kind, `not an event, or not the next after ${run}/${last}: ${block.slice(0, 300)}`);
    }
    last = Number(number);
  }

  return () => watching.destroy();
}

/** Lets many through at once, and now and then one alone. */
export function createGate() {
  let inside = 0;
  /** @type {Promise<void> | undefined} */
  let closed;
  let onEmpty = () => {};

  return {
    /**
     * @template T
     * @param {() => Promise<T>} work
     */
    async through(work) {
      while (closed) await closed;
      inside += 1;
      try {
        return await work();
      } finally {
        inside -= 1;
        if (inside === 0) onEmpty();
      }
    },
    /**
     * Waits until nobody is inside, and keeps everybody out meanwhile.
     *
     * @param {() => Promise<void>} work
     */
    async alone(work) {
      let open = () => {};
      closed = new Promise((resolve) => {
        open = resolve;
      });
      try {
        if (inside > 0) {
          await new Promise((resolve) => {
            onEmpty = () => resolve(undefined);
          });
        }
        await work();
      } finally {
        closed = undefined;
        onEmpty = () => {};
        open();
      }
    },
  };
}
