// The engine alone, without sockets: its processor time per request, compared with parsing and stringifying the same bodies.
// This is steadier than what is measured over sockets.

/** The engine is inside of the mock: users have no use for it by itself. */
export const { createMockEngine } = await import(
  new URL("../../../mock-server/dist/mock-engine.js", import.meta.url).href
);

const warmUpRequests = 20_000;

/**
 * Lets the engine and JSON work through the same requests in turn.
 *
 * @param {{ requests: readonly import("./servers.mjs").BenchRequest[], rounds: number, count: number }} options
 * @returns {Record<"engine" | "json", number[]>} microseconds of processor time per request
 */
export function measureEngine({ requests, rounds, count }) {
  const engine = createMockEngine({});
  const inputs = requests.map(engineRequest);
  const answers = inputs.map((input) => JSON.parse(engine.handle(input).body));
  return timeInTurn({
    rounds,
    count,
    work: {
      engine: (index) => engine.handle(inputs[index % inputs.length]).body.length,
      json(index) {
        const place = index % inputs.length;
        const { body } = /** @type {{ body: Buffer }} */ (inputs[place]);
        if (body.length > 0) JSON.parse(body.toString());
        return JSON.stringify(answers[place]).length;
      },
    },
  });
}

/** @param {Pick<import("./servers.mjs").BenchRequest, "method" | "path" | "headers" | "body">} request */
export function engineRequest({ method, path, headers, body }) {
  const host = { host: "127.0.0.1", connection: "keep-alive" };
  return {
    method,
    target: path,
    headers: { ...host, ...headers, "content-length": `${body.length}` },
    body: Buffer.from(body),
  };
}

/**
 * The processor time of pieces of work, in microseconds. They take turns, so that whatever else happens hits all of them.
 *
 * @template {string} N
 * @param {{ rounds: number, count: number, work: Record<N, (index: number) => number> }} options `count`: pieces in a round
 * @returns {Record<N, number[]>}
 */
export function timeInTurn({ rounds, count, work }) {
  const pieces = /** @type {[N, (index: number) => number][]} */ (Object.entries(work));
  for (const [, piece] of pieces) microsOf(piece, warmUpRequests);
  const times = pieces.map(([name]) => [name, /** @type {number[]} */ ([])]);
  const result = /** @type {Record<N, number[]>} */ (Object.fromEntries(times));
  for (let round = 0; round < rounds; round += 1)
    for (const [name, piece] of pieces) result[name].push(microsOf(piece, count));
  return result;
}

/**
 * @param {(index: number) => number} work
 * @param {number} count
 */
function microsOf(work, count) {
  const before = process.cpuUsage();
  // The sum keeps a compiler from leaving the work out.
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += work(index);
  const { user, system } = process.cpuUsage(before);
  if (sum === 0) throw new Error("Nothing was answered.");
  return (user + system) / count;
}
