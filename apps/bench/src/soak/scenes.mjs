// What a connection does, again and again: each scene is one request or a few that belong together.
import { drawSwitch } from "./draw-switch.mjs";
import { faultByApiKey, faultByControl, faultByHeader, faultByOrderId } from "./fault-scenes.mjs";
import { look, readLog } from "./look-scenes.mjs";
import { call, pathOf, wire } from "./request.mjs";
import { lawful, problemOf, refusal, success } from "./verdicts.mjs";

/** Every scene, and how often it comes. */
const scenes = [
  [500, goodSwitch],
  [180, brokenRule],
  [60, neverGetsToTheRules],
  [1, tooLarge],
  [60, otherKey],
  [70, faultByHeader],
  [40, faultByOrderId],
  [15, faultByApiKey],
  [10, faultByControl],
  [40, look],
  [6, readLog],
];

const weightOfAll = scenes.reduce((sum, [weight]) => sum + weight, 0);

/** Draws a scene. */
export function drawScene(random) {
  let left = random.below(weightOfAll);
  for (const [weight, scene] of scenes) {
    left -= weight;
    if (left < 0) return scene;
  }
  return goodSwitch;
}

async function goodSwitch(worker) {
  const { request, ipAddressIds } = drawSwitch(worker);
  const kind = `on and off, ${request.proxyType}`;
  await worker.ask(kind, call(worker.apiKey, request), (answer) => success(answer, request, ipAddressIds));
  worker.isOn[request.proxyType] = request.autoExtend;
}

/** Each rule, broken in several ways, and the code that tells. */
const breaches = [
  ["proxy type", 4, { proxyType: "ipv4" }],
  ["proxy type", 4, { proxyType: null }],
  ["proxy type", 4, { proxyType: ["IPv4"] }],
  ["order ids", 29, { orderIds: ["no-such-order"] }],
  ["order ids", 29, { orderIds: ["lasting-1", "lasting-2", "lasting-3", "lasting-4"] }],
  ["order ids", 29, { orderIds: ["NUMBER-112233"] }],
  ["order ids", 29, { orderIds: [] }],
  ["order ids", 29, { orderIds: [11_111] }],
  ["order ids", 29, { orderIds: "lasting-1" }],
  ["order ids", 29, { orderIds: Array.from({ length: 200 }, (_, number) => `none-${number}`) }],
  ["rental period", 11, { rentPeriodDays: 31 }],
  ["rental period", 11, { rentPeriodDays: "30" }],
  ["rental period", 11, { rentPeriodDays: 30.5 }],
  ["switch", 35, { autoExtend: "true" }],
  ["switch", 35, { autoExtend: 1 }],
];

async function brokenRule(worker) {
  const { request } = drawSwitch(worker);
  if (worker.random.chance(0.1)) {
    const text = call("unknown-api-key", request);
    await worker.ask("refused: API key", text, (answer) => refusal(answer, request, 2));
    return;
  }
  const [rule, code, breach] = worker.random.of(breaches);
  const broken = { ...request, ...breach };
  await worker.ask(`refused: ${rule}`, call(worker.apiKey, broken), (answer) =>
    refusal(answer, broken, code),
  );
}

async function neverGetsToTheRules(worker) {
  const { random, apiKey } = worker;
  const { request } = drawSwitch(worker);
  const body = JSON.stringify(request);
  const path = pathOf(apiKey);
  const [kind, status, text] = random.of([
    ["malformed JSON", 400, wire({ path, body: body.slice(0, random.below(body.length)) })],
    ["malformed JSON", 400, wire({ path, body: `${body}}` })],
    ["wrong method", 405, wire({ method: random.of(["GET", "PUT", "DELETE", "PATCH"]), path, body })],
    ["wrong path", 404, wire({ path: `${path}/more`, body })],
    ["wrong path", 404, wire({ path: "/client/api/v1//extend/order/auto", body })],
    [
      "wrong type",
      415,
      wire({ path, body, headers: { "content-type": random.of(["text/plain", "", "application/xml"]) } }),
    ],
  ]);
  const answer = await worker.ask(kind, text, (given) => problemOf(given, status));
  if (status === 405 && answer.headers.allow !== "POST") worker.tally.unexpected(kind, "no Allow", text);
}

/** Of a key for which no faults wait. */
const large = wire({
  path: pathOf("other-0"),
  body: JSON.stringify({ filler: "x".repeat(2 * 1024 * 1024) }),
});

async function tooLarge(worker) {
  await worker.ask("too large", large, (answer) => problemOf(answer, 413));
}

/** Keys of others: a few that come again and again, and new ones, for which there is no room any more at some time. */
async function otherKey(worker) {
  const { random } = worker;
  const { request } = drawSwitch(worker);
  const isNew = random.chance(0.1);
  const key = isNew ? `new-${random.below(1_000_000_000)}` : `other-${random.below(50)}`;
  const kind = isNew ? "new API key" : "another API key";
  await worker.ask(kind, call(key, request), (answer) => lawful(answer, request, 2));
}
