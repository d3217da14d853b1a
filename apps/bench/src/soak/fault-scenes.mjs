// Requests that are to meet a fault, triggered in each of the ways there are.
import { waysToFail } from "../harness/faults.mjs";
import { describe, json, noContent, success } from "./verdicts.mjs";
import { call, control, drawSwitch } from "./world.mjs";

/** @typedef {import("./worker.mjs").Worker} Worker */
/** @typedef {{ preset: string, options: import("../harness/faults.mjs").FaultOptions, trigger: string }} DrawnFault */

const presets = [...waysToFail.keys()];

/** With these, as with any fault after the answer, the plain success may come all the same. */
const harmless = ["slow", "latency", "drip", "limit", "limit-at-once"];

/** How long nothing comes until an answer counts as one that never does. Short, since it is spent waiting. */
const silenceMs = 150;

/** @param {Worker} worker */
export async function faultByHeader(worker) {
  const fault = drawFault(worker, "header");
  const prefer = [`fault=${fault.preset}`, ...optionTexts(fault)].join("; ");
  await meet(worker, fault, drawSwitch(worker), { prefer });
}

/** @param {Worker} worker */
export async function faultByOrderId(worker) {
  const fault = drawFault(worker, "order ID");
  const texts = optionTexts(fault);
  const magicId = `fault-${fault.preset}${texts.length > 0 ? `:${texts.join(",")}` : ""}`;
  const { request, ipAddressIds } = drawSwitch(worker);
  const orderIds = [...request.orderIds, magicId];
  const drawn = { request: { ...request, orderIds }, ipAddressIds: [...ipAddressIds, `${magicId}-1`] };
  await meet(worker, fault, drawn);
}

/**
 * Queues a fault for the next two requests of this account.
 *
 * @param {Worker} worker
 */
export async function faultByControl(worker) {
  const fault = drawFault(worker, "control API");
  const { preset, options } = fault;
  const path = `/faults?account=${worker.account}`;
  const added = control("POST", path, { preset, options, times: 2 });
  await worker.ask("control: add a fault", added, (answer) => json(answer, 201, ({ left }) => left === 2));
  for (let count = 0; count < 2; count += 1) await meet(worker, fault, drawSwitch(worker));
  await worker.ask("control: faults", control("GET", path), (answer) =>
    // A limit waits until it has refused as many requests.
    json(answer, 200, ({ faults }) => faults.length === 0 || preset.startsWith("limit")),
  );
  await worker.ask("control: remove faults", control("DELETE", path), (answer) => noContent(answer, 204));
}

/**
 * @param {Worker} worker
 * @param {string} trigger
 * @returns {DrawnFault}
 */
function drawFault({ random }, trigger) {
  const preset = random.of(presets);
  return { preset, options: random.of(waysToFail.get(preset) ?? []), trigger };
}

/** @param {DrawnFault} fault */
function optionTexts({ options }) {
  return Object.entries(options).map(([name, value]) => `${name}=${value}`);
}

/**
 * Sends a request that is to meet a fault. What the answer must be with each of them, the mock's own tests prove; here it must
 * not be the one that comes without the fault.
 *
 * @param {Worker} worker
 * @param {DrawnFault} fault
 * @param {ReturnType<typeof drawSwitch>} drawn
 * @param {Record<string, string>} [headers]
 */
async function meet(worker, { preset, options, trigger }, { request, ipAddressIds }, headers) {
  const isHarmless = harmless.includes(preset) || options.at === "after";
  /** @type {import("./worker.mjs").Verdict} */
  const verdict = (answer) => {
    const isPlain = success(answer, request, ipAddressIds) === "";
    if (!isHarmless) return isPlain ? `no fault: ${describe(answer)}` : "";
    const isMet = preset.startsWith("limit") ? answer.status === 429 : answer.end === "reset";
    return isPlain || isMet ? "" : describe(answer);
  };
  const timeouts = preset === "hang" ? { firstMs: silenceMs, nextMs: silenceMs } : {};
  const text = call(worker.apiKey, request, headers);
  const kind = `fault: ${preset}, by ${trigger}`;
  const answer = await worker.ask(kind, text, verdict, timeouts);
  // The next request must not be sent on a connection that is about to end.
  if (options.at === "after" && answer.end === "complete" && !(await worker.connectionEnds())) {
    worker.tally.addUnexpected(kind, "the connection did not end", text);
  }
  worker.isOn[request.proxyType] = undefined;
}
