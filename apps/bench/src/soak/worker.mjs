import { Connection } from "../harness/connection.mjs";
import { ownAccount, ownKey } from "./world.mjs";

/** @typedef {ReturnType<typeof createTally>} Tally */
/** @typedef {ReturnType<typeof createWorker>} Worker */
/** @typedef {(answer: import("../harness/connection.mjs").Answer) => string} Verdict what is wrong with an answer, or "" */

const maxRetained = { inAll: 10, ofKind: 3 };
const tooManyUnexpected = 1_000;

/** Counts the answers by kind, and keeps the first unexpected ones. */
export function createTally() {
  /** @type {Map<string, number>} */
  const kinds = new Map();
  /** @type {{ kind: string, problem: string, request: string }[]} */
  const retained = [];
  const tally = {
    kinds,
    retained,
    answers: 0,
    unexpected: 0,
    get isHopeless() {
      return tally.unexpected >= tooManyUnexpected;
    },
    /** @param {string} kind */
    count(kind) {
      tally.answers += 1;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    },
    /**
     * @param {string} kind
     * @param {string} problem
     * @param {string} [request]
     */
    addUnexpected(kind, problem, request = "") {
      tally.unexpected += 1;
      const ofKind = retained.filter((each) => each.kind === kind).length;
      if (retained.length >= maxRetained.inAll || ofKind >= maxRetained.ofKind) return;
      retained.push({ kind, problem: problem.slice(0, 600), request: request.slice(0, 600) });
    },
    /**
     * Counts an answer, and keeps what is wrong with it.
     *
     * @param {string} kind
     * @param {import("../harness/connection.mjs").Answer} answer
     * @param {Verdict} verdict
     * @param {string} request
     */
    judge(kind, answer, verdict, request) {
      tally.count(kind);
      const problem = problemOf(verdict, answer);
      if (problem) tally.addUnexpected(kind, problem, request);
    },
  };
  return tally;
}

/**
 * @param {Verdict} verdict
 * @param {import("../harness/connection.mjs").Answer} answer
 */
function problemOf(verdict, answer) {
  try {
    return verdict(answer);
  } catch (error) {
    return `the verdict failed: ${error instanceof Error ? error.stack : error}`;
  }
}

/**
 * One connection and the account that it has to itself, so that it knows what the state must be.
 *
 * @param {{ port: number, number: number, random: import("../harness/random.mjs").Random, tally: Tally }} options
 */
export function createWorker({ port, number, random, tally }) {
  const connection = new Connection(port);
  const worker = {
    random,
    tally,
    apiKey: ownKey(number),
    account: ownAccount(number),
    /** Whether auto-extend is on, by proxy type. */
    isOn: allOff(),
    /** The ID of the last request that came back with one. */
    lastId: /** @type {string | undefined} */ (undefined),
    /**
     * @param {string} kind
     * @param {string} request
     * @param {Verdict} verdict
     * @param {import("../harness/connection.mjs").Timeouts} [timeouts]
     */
    async ask(kind, request, verdict, timeouts) {
      const answer = await connection.send(request, timeouts);
      worker.lastId = answer.headers["mock-request-id"] ?? worker.lastId;
      tally.judge(kind, answer, verdict, request);
      return answer;
    },
    connectionEnds: () => connection.ended(),
    /** A reset has put everything back to the start. */
    forget() {
      worker.isOn = allOff();
      worker.lastId = undefined;
    },
    close: () => connection.close(),
  };
  return worker;
}

function allOff() {
  return { IPv4: false, IPv6: false, MOBILE: false, ISP: false };
}
