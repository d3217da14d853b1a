// Requests that are to meet a fault, however it is asked for.
import { drawSwitch } from "./draw-switch.mjs";
import { promisedFaults } from "./faults.mjs";
import { call, control } from "./request.mjs";
import { bare, json, success } from "./verdicts.mjs";

const presets = Object.keys(promisedFaults);

export async function faultByHeader(worker) {
  const met = { ...drawFault(worker), by: "header" };
  const prefer = [`fault=${met.preset}`, ...pairs(met.options)].join("; ");
  await meet(worker, call(worker.apiKey, met.request, { prefer }), met);
}

export async function faultByOrderId(worker) {
  const met = { ...drawFault(worker), by: "order id" };
  const magic = magicText(met);
  met.request.orderIds.push(magic);
  met.ipAddressIds = [...met.ipAddressIds, `${magic}-1`];
  await meet(worker, call(worker.apiKey, met.request), met);
}

export async function faultByApiKey(worker) {
  const met = { ...drawFault(worker), by: "API key" };
  await meet(worker, call(magicText(met), met.request), met);
}

/** Faults that wait for the next requests of this account: for so many, or for a share of them. */
export async function faultByControl(worker) {
  const { random, account } = worker;
  const { preset, promised, options } = drawFault(worker);
  const isShare = random.chance(0.5);
  const order = isShare ? { share: 0.5, seed: random.below(1_000) } : { times: 2 };
  const ordered = control("POST", `/faults?account=${account}`, { preset, options, ...order });
  await worker.ask("control: order a fault", ordered, (answer) =>
    json(answer, 201, ({ left }) => left === (isShare ? null : 2)),
  );
  for (let count = 0; count < (isShare ? 4 : 2); count += 1) {
    const { request, ipAddressIds } = drawSwitch(worker);
    const met = { preset, promised, options, request, ipAddressIds, by: "control API", mayPass: isShare };
    await meet(worker, call(worker.apiKey, request), met);
  }
  const list = control("GET", `/faults?account=${account}`);
  const holds = ({ faults }) => faults.length === (isShare ? 1 : 0);
  await worker.ask("control: faults", list, (answer) => json(answer, 200, holds));
  const back = control("DELETE", `/faults?account=${account}`);
  await worker.ask("control: take faults back", back, (answer) => bare(answer, 204));
}

/** Any fault, with any of its options, and a request that would be carried out without it. */
function drawFault(worker) {
  const preset = worker.random.of(presets);
  const promised = promisedFaults[preset];
  return { preset, promised, options: worker.random.of(promised.options), ...drawSwitch(worker) };
}

function magicText({ preset, options }) {
  const chosen = pairs(options);
  return `fault-${preset}${chosen.length > 0 ? `:${chosen.join(",")}` : ""}`;
}

function pairs(options) {
  return Object.entries(options).map(([name, value]) => `${name}=${value}`);
}

/** Sends a request that is to meet a fault, and minds whether it was carried out. */
async function meet(worker, text, met) {
  const { preset, promised, options, request, ipAddressIds, by } = met;
  const kind = `fault: ${preset}, by ${by}`;
  let hasPassed = false;
  const verdict = (answer) => {
    const isUsual = success(answer, request, ipAddressIds) === "";
    hasPassed = isUsual && (promised.mayPass || (met.mayPass && !namesFaults(answer)));
    return hasPassed ? "" : promised.verdict(answer, met);
  };
  const answer = await worker.ask(kind, text, verdict, promised.patience?.(options));
  if (!hasPassed && promised.ends && answer.end === "whole" && !(await worker.connectionEnds())) {
    worker.tally.unexpected(kind, "the connection did not end", text);
  }
  if (!hasPassed || promised.mayPass) worker.tally.fault(preset, by);
  // Such a key has an account of its own, of which nothing is known here.
  if (by === "API key") return;
  if (hasPassed || promised.applied(options)) worker.isOn[request.proxyType] = request.autoExtend;
}

/** Whether an answer says that it is what a fault made of it. */
function namesFaults({ headers }) {
  return /; faults: /.test(headers["mock-explanation"] ?? "");
}
