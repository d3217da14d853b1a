// Requests that are to meet a fault, triggered in each of the ways there are.
import { promisedFaults } from "./faults.mjs";
import { json, noContent, success } from "./verdicts.mjs";
import { call, control, drawSwitch } from "./world.mjs";

/** @typedef {import("./worker.mjs").Worker} Worker */
/** @typedef {Record<string, any>} FaultOptions */

/**
 * @typedef {object} ExpectedFault
 * @property {string} preset
 * @property {FaultOptions} options
 * @property {import("./faults.mjs").PromisedFault} promised
 * @property {import("./world.mjs").SwitchRequest} request one that succeeds without the fault
 * @property {readonly string[]} ipAddressIds that a success lists
 * @property {import("./worker.mjs").FaultTrigger} trigger
 */

const presets = Object.keys(promisedFaults);

/** @param {Worker} worker */
export async function faultByHeader(worker) {
  const expected = drawFault(worker, "header");
  const prefer = [`fault=${expected.preset}`, ...optionTexts(expected)].join("; ");
  await meet(worker, call(worker.apiKey, expected.request, { prefer }), expected);
}

/** @param {Worker} worker */
export async function faultByOrderId(worker) {
  const expected = drawFault(worker, "order ID");
  const magicId = magicText(expected);
  expected.request.orderIds.push(magicId);
  expected.ipAddressIds = [...expected.ipAddressIds, `${magicId}-1`];
  await meet(worker, call(worker.apiKey, expected.request), expected);
}

/**
 * Queues a fault for the next two requests of this account.
 *
 * @param {Worker} worker
 */
export async function faultByControl(worker) {
  const drawn = drawFault(worker, "control API");
  const { preset, options } = drawn;
  const path = `/faults?account=${worker.account}`;
  const added = control("POST", path, { preset, options, times: 2 });
  await worker.ask("control: add a fault", added, (answer) => json(answer, 201, ({ left }) => left === 2));
  for (let count = 0; count < 2; count += 1) {
    const expected = { ...drawn, ...drawSwitch(worker) };
    await meet(worker, call(worker.apiKey, expected.request), expected);
  }
  await worker.ask("control: faults", control("GET", path), (answer) =>
    // A limit waits until it has refused as many requests.
    json(answer, 200, ({ faults }) => faults.length === 0 || preset.startsWith("limit")),
  );
  await worker.ask("control: remove faults", control("DELETE", path), (answer) => noContent(answer, 204));
}

/**
 * @param {Worker} worker
 * @param {import("./worker.mjs").FaultTrigger} trigger
 * @returns {ExpectedFault}
 */
function drawFault(worker, trigger) {
  const preset = worker.random.of(presets);
  const promised = /** @type {import("./faults.mjs").PromisedFault} */ (promisedFaults[preset]);
  return { preset, promised, options: worker.random.of(promised.options), trigger, ...drawSwitch(worker) };
}

/** @param {ExpectedFault} expected */
function magicText(expected) {
  const texts = optionTexts(expected);
  return `fault-${expected.preset}${texts.length > 0 ? `:${texts.join(",")}` : ""}`;
}

/** @param {ExpectedFault} expected */
function optionTexts({ options }) {
  return Object.entries(options).map(([name, value]) => `${name}=${value}`);
}

/**
 * Sends a request that is to meet a fault, and records whether it took effect.
 *
 * @param {Worker} worker
 * @param {string} text
 * @param {ExpectedFault} expected
 */
async function meet(worker, text, expected) {
  const { preset, promised, options, request, ipAddressIds, trigger } = expected;
  const kind = `fault: ${preset}, by ${trigger}`;
  let hasPassed = false;
  /** @type {import("./worker.mjs").Verdict} */
  const verdict = (answer) => {
    const isPlain = success(answer, request, ipAddressIds) === "";
    hasPassed = isPlain && promised.mayPass === true;
    return hasPassed ? "" : promised.verdict(answer, expected);
  };
  const answer = await worker.ask(kind, text, verdict, promised.timeouts?.(options));
  if (!hasPassed && promised.ends && answer.end === "complete" && !(await worker.connectionEnds())) {
    worker.tally.addUnexpected(kind, "the connection did not end", text);
  }
  if (!hasPassed || promised.mayPass) worker.tally.countFault(preset, trigger);
  if (hasPassed || promised.isApplied(options)) worker.isOn[request.proxyType] = request.autoExtend;
}
