// The engine alone, without sockets: its processor time per request, compared with parsing and stringifying the same bodies.
// This is steadier than what is measured over sockets.

/** The engine is inside of the mock: users have no use for it by itself. */
const { createMockEngine } = await import(
  new URL("../../../mock-server/dist/mock-engine.js", import.meta.url).href
);

const warmUpRequests = 20_000;

/**
 * Lets the engine and JSON work through the same requests in turn.
 *
 * @param {{ requests: readonly import("./servers.mjs").BenchRequest[], rounds: number, count: number }} options
 */
export function measureEngine({ requests, rounds, count }) {
  const engine = createMockEngine({});
  const inputs = requests.map(({ method, path, headers, body }) => ({
    method,
    target: path,
    headers: { host: "127.0.0.1", connection: "keep-alive", ...headers, "content-length": `${body.length}` },
    body: Buffer.from(body),
  }));
  const answers = inputs.map((input) => JSON.parse(engine.handle(input).body));
  const answer = (/** @type {number} */ index) => engine.handle(inputs[index]).body.length;
  const parseAndStringify = (/** @type {number} */ index) => {
    const { body } = /** @type {{ body: Buffer }} */ (inputs[index]);
    if (body.length > 0) JSON.parse(body.toString());
    return JSON.stringify(answers[index]).length;
  };
  for (const work of [answer, parseAndStringify]) microsOf(work, warmUpRequests, inputs.length);
  return Array.from({ length: rounds }, () => ({
    engine: microsOf(answer, count, inputs.length),
    json: microsOf(parseAndStringify, count, inputs.length),
  }));
}

/**
 * The processor time of one piece of work, in microseconds.
 *
 * @param {(index: number) => number} work
 * @param {number} count
 * @param {number} length of what it works on
 */
function microsOf(work, count, length) {
  const before = process.cpuUsage();
  // The sum keeps a compiler from leaving the work out.
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += work(index % length);
  const { user, system } = process.cpuUsage(before);
  if (sum === 0) throw new Error("Nothing was answered.");
  return (user + system) / count;
}

/**
 * @param {import("../harness/report.mjs").Report} report
 * @param {string} name of the load
 * @param {readonly { engine: number, json: number }[]} results
 */
export function reportEngine(report, name, results) {
  report.table(results, [
    [`${name}: us in the engine alone`, ({ engine }) => engine, { digits: 1 }],
    [`${name}: engine alone, as a multiple of its JSON`, ({ engine, json }) => engine / json, { digits: 1 }],
  ]);
}
