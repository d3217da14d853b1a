// What is everyone's, and so is done by one: the clock, the pattern of accounts, resets; and whether the mock is alive.
import { setTimeout as pause } from "node:timers/promises";
import { Connection } from "./connection.mjs";
import { watchEvents, watchWithoutReading } from "./events.mjs";
import { call, control } from "./request.mjs";
import { bare, json, jsonOf, sameList } from "./verdicts.mjs";
import { lasting, ownAccount } from "./world.mjs";

/** How often, in milliseconds; in a short soak there are some resets, too. */
const every = { health: 250, clock: 1_000, reset: 20_000 };
const fewestResets = 3;

/** How long an answer about health may take, in milliseconds. */
const mostPatience = 5_000;

/**
 * @param {{ program: { port: number, url: URL }, gate: ReturnType<typeof import("./gate.mjs").createGate>,
 *   tally: import("./tally.mjs").Tally, random: ReturnType<typeof import("./random.mjs").createRandom>,
 *   seconds: number, isOver: () => boolean, onReset: () => void }} options
 */
export function createKeeper({ program, gate, tally, random, seconds, isOver, onReset }) {
  const connection = new Connection(program.port);
  let slowest = 0;

  async function ask(kind, text, verdict) {
    const answer = await connection.send(text);
    tally.count(kind);
    const wrong = verdict(answer);
    if (wrong) tally.unexpected(kind, wrong, text);
    return answer;
  }

  /** Its own connection, so that it waits for nobody but the mock. */
  async function mindHealth() {
    const line = new Connection(program.port);
    while (!isOver()) {
      const begin = performance.now();
      const answer = await line.send(control("GET", "/health"), { first: mostPatience });
      slowest = Math.max(slowest, performance.now() - begin);
      tally.count("control: health");
      const wrong = json(answer, 200, ({ status }) => status === "ok");
      if (wrong) tally.unexpected("control: health", wrong);
      await pause(every.health);
    }
    line.close();
  }

  async function moveClock() {
    while (!isOver()) {
      const order = random.of([
        { advance: { hours: 6 } },
        { toNextRenewal: true },
        { freeze: true },
        { flow: true },
      ]);
      await gate.through(() =>
        ask("control: move the clock", control("POST", "/clock?limit=20", order), isPassed),
      );
      if (random.chance(0.2)) await gate.through(putMoney);
      await pause(every.clock);
    }
  }

  /** The pattern of accounts gets other money: what is copied of it then can pay for more, or less. */
  async function putMoney() {
    const path = "/state?account=default";
    const state = jsonOf(await ask("control: state", control("GET", path), (answer) => json(answer, 200)));
    const balance = random.below(200) / 100;
    const accounts = state.accounts.map((account) => ({ ...account, balance }));
    const holds = (put) => put.accounts[0].balance === balance;
    await ask("control: put state", control("PUT", path, { ...state, accounts }), (answer) =>
      json(answer, 200, holds),
    );
  }

  async function reset() {
    while (!isOver()) {
      await untilNextReset();
      if (isOver()) return;
      await gate.alone(async () => {
        await ask("control: reset", control("POST", "/reset"), (answer) => bare(answer, 204));
        onReset();
      });
    }
  }

  /** Requests that come together, where one at a time is the limit. */
  async function crowd() {
    const lines = Array.from({ length: 3 }, () => new Connection(program.port));
    const request = {
      proxyType: "ISP",
      orderIds: [lasting.ISP.orderId],
      rentPeriodDays: 30,
      autoExtend: false,
    };
    const text = call("crowd", request, { prefer: "fault=slow+limit-at-once; ms=400" });
    while (!isOver()) {
      await gate.through(async () => {
        const answers = await Promise.all(lines.map((line) => line.send(text)));
        const statuses = answers.map(({ status }) => status).sort();
        for (const _ of answers) tally.count("limit at once");
        if (!sameList(statuses, [200, 429, 429])) tally.unexpected("limit at once", statuses.join(), text);
      });
      await pause(every.clock);
    }
    for (const line of lines) line.close();
  }

  async function untilNextReset() {
    const due = performance.now() + Math.min(every.reset, (seconds * 1_000) / (fewestResets + 1));
    while (!isOver() && performance.now() < due) await pause(100);
  }

  /** Now and then, for the mock writes events out for as long as anyone watches: one account, then everything. */
  async function watch() {
    while (!isOver()) {
      for (const query of [`?account=${ownAccount(0)}`, ""]) {
        const watched = watchEvents(program.url, query, tally);
        await pause(1_000);
        watched.stop();
      }
      await watchInVain();
      for (let waited = 0; waited < 80 && !isOver(); waited += 1) await pause(100);
    }
  }

  async function watchInVain() {
    if (isOver()) return;
    tally.count("events, not read");
    const isEnded = await watchWithoutReading(program.url, { patience: 10_000, isOver });
    if (!isEnded && !isOver()) tally.unexpected("events, not read", "the stream was not ended");
  }

  return {
    keep: () => Promise.all([mindHealth(), moveClock(), reset(), watch(), crowd()]),
    get slowest() {
      return slowest;
    },
    close: () => connection.close(),
  };
}

function isPassed(answer) {
  // Where no renewal lies ahead, the clock says so.
  if (answer.status === 400)
    return /No renewal lies ahead/.test(String(answer.body)) ? "" : String(answer.body);
  return json(
    answer,
    200,
    ({ now, frozen }) => !Number.isNaN(Date.parse(now)) && typeof frozen === "boolean",
  );
}
