// What a connection does again and again. Each scene is one request, or a few that belong together.
import { setAutoExtend, specOf } from "@auto-extend/core";
import { requestText } from "../harness/connection.mjs";
import { faultByControl, faultByHeader, faultByOrderId } from "./fault-scenes.mjs";
import { json, lawful, problemDocument, refusal, success } from "./verdicts.mjs";
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
  [7, readState],
  [33, askControlApi],
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
 * Looks at the state of this account, which is known.
 *
 * @param {Worker} worker
 */
async function readState(worker) {
  const text = control("GET", `/state?account=${worker.account}`);
  await worker.ask("control: state", text, (answer) => json(answer, 200, (state) => isAsLeft(state, worker)));
}

/**
 * @param {{ accounts: [{ orders: { orderId: string, ipAddresses: { autoExtend: boolean }[] }[] }] }} state
 * @param {Worker} worker
 */
function isAsLeft({ accounts: [{ orders }] }, { isOn }) {
  return proxyTypes.every((proxyType) => {
    const order = orders.find(({ orderId }) => orderId === lasting[proxyType].orderId);
    return order?.ipAddresses.every(({ autoExtend }) => autoExtend === isOn[proxyType]) === true;
  });
}

/**
 * Asks the control API for the rest. What it answers, a test compares with its document.
 *
 * @param {Worker} worker
 */
async function askControlApi(worker) {
  const { random, account, lastId } = worker;
  /** @type {[kind: string, status: number, text: string][]} */
  const choices = [
    ["clock", 200, control("GET", `/clock?account=${account}`)],
    ["health", 200, control("GET", "/health")],
    ["presets", 200, control("GET", "/faults/presets")],
    ["no account", 404, control("GET", "/state?account=nobody")],
    ["wrong fault", 400, control("POST", "/faults", { preset: "no" })],
    ["explain", 200, control("GET", `/requests/${lastId ?? "last"}`)],
  ];
  await askForStatus(worker, random.of(choices));
}

const logFilters = [
  "",
  "&outcome=done",
  "&code=29",
  "&status=502",
  "&fault=slow",
  "&autoExtend=true",
  "&proxyType=ISP",
];

/**
 * Reading the log makes the mock write many entries, so it comes less often.
 *
 * @param {Worker} worker
 */
async function readLog(worker) {
  const { random, account } = worker;
  const verify = `/verify?account=${account}`;
  /** @type {[kind: string, status: number, text: string][]} */
  const choices = [
    ["requests", 200, control("GET", `/requests?account=${account}&limit=5${random.of(logFilters)}`)],
    ["verify", 200, control("POST", verify, { outcome: "done", times: { atLeast: 0 } })],
    ["verify, in vain", 409, control("POST", verify, { orderId: "never-asked-for" })],
  ];
  await askForStatus(worker, random.of(choices));
}

/**
 * @param {Worker} worker
 * @param {[kind: string, status: number, text: string]} choice
 */
async function askForStatus(worker, [kind, status, text]) {
  await worker.ask(`control: ${kind}`, text, (answer) => {
    // The log retains only the last requests, so the one to explain may be gone.
    if (kind === "explain" && answer.status === 404) return problemDocument(answer, 404);
    return status === 200 ? json(answer, 200) : problemDocument(answer, status);
  });
}
