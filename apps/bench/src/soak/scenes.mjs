// What a connection does again and again. Each scene is one request, or a few that belong together.
import { setAutoExtend, specOf } from "@auto-extend/core";
import { requestText } from "../harness/connection.mjs";
import { waysToFail } from "../harness/faults.mjs";
import { faultByControl, faultByHeader, faultByOrderId } from "./fault-scenes.mjs";
import { isHealth, json, lawful, problemDocument, refusal, success, uuid } from "./verdicts.mjs";
import { call, control, drawSwitch, lasting, pathOf, proxyTypes } from "./world.mjs";

/** @typedef {import("./worker.mjs").Worker} Worker */
/** @typedef {(worker: Worker) => Promise<void>} Scene */

/** @type {readonly [weight: number, scene: Scene][]} */
const scenes = [
  [500, goodSwitch],
  [180, brokenRule],
  [60, beforeTheRules],
  [60, otherKey],
  [70, faultByHeader],
  [40, faultByOrderId],
  [10, faultByControl],
  [40, readControlApi],
  [6, readLog],
];

const totalWeight = scenes.reduce((sum, [weight]) => sum + weight, 0);

/** @param {import("../harness/random.mjs").Random} random */
export function drawScene(random) {
  let left = random.below(totalWeight);
  for (const [weight, scene] of scenes) {
    left -= weight;
    if (left < 0) return scene;
  }
  return goodSwitch;
}

/** @param {Worker} worker */
async function goodSwitch(worker) {
  const { request, ipAddressIds } = drawSwitch(worker);
  const kind = `on and off, ${request.proxyType}`;
  await worker.ask(kind, call(worker.apiKey, request), (answer) => success(answer, request, ipAddressIds));
  worker.isOn[request.proxyType] = request.autoExtend;
}

/** Each way of breaking a rule that the contract names. */
const breaches = specOf(setAutoExtend).rules.flatMap(({ name, code, probes }) =>
  probes.map((probe) => ({ name, code, probe })),
);

/** @param {Worker} worker */
async function brokenRule(worker) {
  const { name, code, probe } = worker.random.of(breaches);
  const { request } = drawSwitch(worker);
  const proxyType = request.proxyType === "IPv4" ? "ISP" : "IPv4";
  const other = { ...request, proxyType, orderIds: [lasting[proxyType].orderId] };
  const broken = /** @type {object} */ (probe.request(request, other));
  const text = call(probe.apiKey ?? worker.apiKey, broken);
  await worker.ask(`refused: ${name}`, text, (answer) => refusal(answer, broken, code));
}

/**
 * Requests that never reach the provider's rules.
 *
 * @param {Worker} worker
 */
async function beforeTheRules(worker) {
  const { random, apiKey } = worker;
  const body = JSON.stringify(drawSwitch(worker).request);
  const path = pathOf(apiKey);
  const method = random.of(["GET", "PUT", "DELETE", "PATCH"]);
  const headers = { "content-type": random.of(["text/plain", "", "application/xml"]) };
  /** @type {[kind: string, status: number, request: Parameters<typeof requestText>[0]][]} */
  const choices = [
    ["malformed JSON", 400, { path, body: body.slice(0, random.below(body.length)) }],
    ["malformed JSON", 400, { path, body: `${body}}` }],
    ["wrong method", 405, { method, path, body }],
    ["wrong path", 404, { path: `${path}/more`, body }],
    ["wrong path", 404, { path: "/client/api/v1//extend/order/auto", body }],
    ["wrong type", 415, { path, body, headers }],
  ];
  const [kind, status, request] = random.of(choices);
  const text = requestText(request);
  const answer = await worker.ask(kind, text, (given) => problemDocument(given, status));
  if (status === 405 && answer.headers.allow !== "POST") worker.tally.addUnexpected(kind, "no Allow", text);
}

/**
 * A few API keys come again and again; new ones are refused once the mock has its fill of accounts.
 *
 * @param {Worker} worker
 */
async function otherKey(worker) {
  const { random } = worker;
  const { request } = drawSwitch(worker);
  const isNew = random.chance(0.1);
  const key = isNew ? `new-${random.below(1_000_000_000)}` : `other-${random.below(50)}`;
  const kind = isNew ? "new API key" : "another API key";
  await worker.ask(kind, call(key, request), (answer) => lawful(answer, request, 2));
}

/**
 * Asks the control API about this account, whose state is known.
 *
 * @param {Worker} worker
 */
async function readControlApi(worker) {
  const { random, account, lastId } = worker;
  const ofAccount = `?account=${account}`;
  /** @type {[kind: string, text: string, verdict: import("./worker.mjs").Verdict][]} */
  const choices = [
    [
      "state",
      control("GET", `/state${ofAccount}`),
      (answer) => json(answer, 200, (state) => isAsLeft(state, worker)),
    ],
    [
      "clock",
      control("GET", `/clock${ofAccount}`),
      (answer) => json(answer, 200, ({ now }) => !Number.isNaN(Date.parse(now))),
    ],
    ["health", control("GET", "/health"), isHealth],
    [
      "presets",
      control("GET", "/faults/presets"),
      (answer) => json(answer, 200, ({ presets }) => presets.length === waysToFail.size),
    ],
    ["no account", control("GET", "/state?account=nobody"), (answer) => problemDocument(answer, 404)],
    ["wrong fault", control("POST", "/faults", { preset: "no" }), (answer) => problemDocument(answer, 400)],
    ["explain", control("GET", `/requests/${lastId ?? "last"}`), isExplanation],
  ];
  const [kind, text, verdict] = random.of(choices);
  await worker.ask(`control: ${kind}`, text, verdict);
}

/**
 * @param {{ accounts: [{ orders: { orderId: string, ipAddresses: { autoExtend: boolean }[] }[] }] }} state
 * @param {Worker} worker
 */
function isAsLeft({ accounts: [{ orders }] }, { isOn }) {
  return proxyTypes.every((proxyType) => {
    const order = orders.find(({ orderId }) => orderId === lasting[proxyType].orderId);
    const wanted = isOn[proxyType];
    return (
      wanted === undefined || order?.ipAddresses.every(({ autoExtend }) => autoExtend === wanted) === true
    );
  });
}

/** @type {import("./worker.mjs").Verdict} */
function isExplanation(answer) {
  // The log keeps only the last requests, so this one may be gone.
  if (answer.status === 404) return problemDocument(answer, 404);
  return json(
    answer,
    200,
    ({ id, rules, text }) => id.startsWith("request-") && Array.isArray(rules) && text !== "",
  );
}

const logFilters = [
  "",
  "outcome=done",
  "code=29",
  "status=502",
  "fault=slow",
  "autoExtend=true",
  "proxyType=ISP",
];

/**
 * Reading the log makes the mock write many entries, so it comes less often.
 *
 * @param {Worker} worker
 */
async function readLog(worker) {
  const { random, account } = worker;
  const filter = random.of(logFilters);
  const verify = `/verify?account=${account}`;
  /** @type {[kind: string, text: string, verdict: import("./worker.mjs").Verdict][]} */
  const choices = [
    [
      "requests",
      control("GET", `/requests?account=${account}&limit=5${filter && `&${filter}`}`),
      (answer) =>
        json(
          answer,
          200,
          ({ requests, run, isComplete }) => requests.length <= 5 && uuid.test(run) && isComplete === true,
        ),
    ],
    [
      "verify",
      control("POST", verify, { outcome: "done", times: { atLeast: 0 } }),
      (answer) => json(answer, 200, ({ found }) => found >= 0),
    ],
    [
      "verify, in vain",
      control("POST", verify, { orderId: "never-asked-for" }),
      (answer) => problemDocument(answer, 409),
    ],
  ];
  const [kind, text, verdict] = random.of(choices);
  await worker.ask(`control: ${kind}`, text, verdict);
}
