// Requests that are to meet a fault, triggered in each of the ways there are.
import { presets } from "@auto-extend/mock-server";
import { waysToFail } from "../harness/faults.mjs";
import { describe, json, noContent, refusal, success } from "./verdicts.mjs";
import { call, control, drawSwitch } from "./world.mjs";

/** @typedef {import("./worker.mjs").Worker} Worker */
/** @typedef {import("../harness/connection.mjs").Answer} Answer */
/** @typedef {import("@auto-extend/mock-server").Fault} Fault */
/** @typedef {{ preset: string, options: import("../harness/faults.mjs").FaultOptions, trigger: string }} DrawnFault */

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
  const preset = random.of([...waysToFail.keys()]);
  return { preset, options: random.of(waysToFail.get(preset) ?? []), trigger };
}

/** @param {DrawnFault} fault */
function optionTexts({ options }) {
  return Object.entries(options).map(([name, value]) => `${name}=${value}`);
}

/**
 * Sends a request that is to meet a fault, and records whether it took effect.
 *
 * @param {Worker} worker
 * @param {DrawnFault} drawn
 * @param {ReturnType<typeof drawSwitch>} drawnSwitch
 * @param {Record<string, string>} [headers]
 */
async function meet(worker, { preset, options, trigger }, { request, ipAddressIds }, headers) {
  const fault = definitionOf(preset, options);
  /** @type {import("./worker.mjs").Verdict} */
  const verdict = (answer) => {
    const isPlain = success(answer, request, ipAddressIds) === "";
    return isAsDefined({ answer, isPlain, request }, fault)
      ? ""
      : `not as the fault has it: ${describe(answer)}`;
  };
  const { how, at } = fault.cut ?? {};
  const timeouts =
    how === "hang" ? { nextMs: silenceMs, ...(at === "before" && { firstMs: silenceMs }) } : {};
  const text = call(worker.apiKey, request, headers);
  const kind = `fault: ${preset}, by ${trigger}`;
  const answer = await worker.ask(kind, text, verdict, timeouts);
  // The next request must not be sent on a connection that is about to end.
  if (options.at === "after" && answer.end === "complete" && !(await worker.connectionEnds())) {
    worker.tally.addUnexpected(kind, "the connection did not end", text);
  }
  if (isApplied(answer, fault)) worker.isOn[request.proxyType] = request.autoExtend;
}

/**
 * The definition of the fault that a preset makes of these options, and of the defaults of the others.
 *
 * @param {string} preset
 * @param {DrawnFault["options"]} given
 */
function definitionOf(preset, given) {
  const found = presets.find(({ name }) => name === preset);
  if (!found) throw new Error(`There is no fault ${preset}.`);
  const defaults = Object.fromEntries(found.options.map(({ name, default: fallback }) => [name, fallback]));
  return found.fault({ ...defaults, ...given });
}

/**
 * Whether an answer is as the definition of its fault says.
 *
 * @param {{ answer: Answer, isPlain: boolean, request: object }} given `isPlain`: whether it is the answer without any fault
 * @param {Fault} fault
 */
export function isAsDefined({ answer, isPlain, request }, { answer: altered, http, cut, lose, limit }) {
  const { end, status } = answer;
  if (limit) return isPlain || (end === "complete" && status === 429);
  if (lose) return end === "closed" && status === 0;
  if (cut?.at) return isCut(answer, isPlain, cut);
  if (http) return !isPlain && isPage(answer, http);
  if (altered?.code !== undefined && !altered.drift) return refusal(answer, request, altered.code) === "";
  if (altered || cut?.how === "truncate") return !isPlain && end === "complete" && status === 200;
  return isPlain;
}

/**
 * @param {Answer} answer
 * @param {NonNullable<Fault["http"]>} http
 */
function isPage({ end, headers, ...answer }, { status = 200, headers: set = {}, body, retryAfter, gzip }) {
  const text = String(answer.body);
  return (
    end === "complete" &&
    answer.status === status &&
    (body ?? text) === text &&
    Object.entries(set).every(([name, value]) => headers[name] === value) &&
    (retryAfter === undefined || headers["retry-after"] !== undefined) &&
    (gzip === undefined || headers["content-encoding"] === "gzip")
  );
}

/**
 * @param {Answer} answer
 * @param {boolean} isPlain
 * @param {NonNullable<Fault["cut"]>} cut
 */
function isCut({ end, status }, isPlain, { how, at }) {
  // A reset may overtake what was sent before it, and a close of a socket with bytes unread is one.
  const hasEnded = how === "hang" ? end === "timeout" : end === "closed" || end === "reset";
  if (at === "after") return isPlain || (how === "reset" && hasEnded);
  return hasEnded && (at === "before" ? status === 0 : status !== 0 || end === "reset");
}

/**
 * Whether the request takes effect.
 *
 * @param {Answer} answer
 * @param {Fault} fault
 */
export function isApplied({ status }, { applied, answer, http, lose, limit }) {
  if (limit) return status !== 429;
  if (lose) return lose === "answer";
  return applied ?? (answer?.code === undefined && (http?.status ?? 200) < 300);
}
