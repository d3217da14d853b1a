import { Connection } from "./connection.mjs";
import { lasting, ownAccount, ownKey } from "./world.mjs";

/**
 * One connection and the account that it has to itself, so that it knows what the state must be.
 *
 * @param {{ port: number, number: number, random: ReturnType<typeof import("./random.mjs").createRandom>,
 *   tally: import("./tally.mjs").Tally }} options
 */
export function createWorker({ port, number, random, tally }) {
  const connection = new Connection(port);
  const worker = {
    number,
    random,
    apiKey: ownKey(number),
    account: ownAccount(number),
    /** Whether auto-extend is on, by proxy type. */
    isOn: allOff(),
    /** The id of the last request that came back with one. */
    lastId: undefined,
    /**
     * Sends a request, and has its answer judged.
     *
     * @param {string} kind
     * @param {string} request
     * @param {(answer: import("./connection.mjs").Answer) => string} verdict
     * @param {import("./connection.mjs").Patience} [patience]
     */
    async ask(kind, request, verdict, patience) {
      const answer = await connection.send(request, patience);
      worker.lastId = answer.headers["mock-request-id"] ?? worker.lastId;
      tally.count(kind);
      const wrong = judged(verdict, answer);
      if (wrong) tally.unexpected(kind, wrong, request);
      return answer;
    },
    connectionEnds: () => connection.ended(),
    /** What is so after a reset. */
    forget() {
      worker.isOn = allOff();
      worker.lastId = undefined;
    },
    close: () => connection.close(),
    tally,
  };
  return worker;
}

function judged(verdict, answer) {
  try {
    return verdict(answer);
  } catch (error) {
    return `the verdict failed: ${error.stack}`;
  }
}

function allOff() {
  return Object.fromEntries(Object.keys(lasting).map((proxyType) => [proxyType, false]));
}
