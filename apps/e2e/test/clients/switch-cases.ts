import { type Effect, setAutoExtend } from "@auto-extend/core";
import {
  type ClientCase,
  caseOf,
  type ExpectedOutcome,
  failure,
  type GivenAnswer,
  html,
  json,
  type LostAnswer,
  redirect,
  refusedInput,
  request,
  retriedJson,
  type Script,
  success,
} from "./case.js";

// What the operation that switches orders has beside the cases of all operations: it costs money.

const { ipAddressIds, ...withoutList } = success;
const { quantity, ...withoutQuantity } = success;
const text = JSON.stringify(success);

/** A success reaches the caller whole, in every form that the contract accepts. */
const successes: readonly ClientCase[] = [
  succeeds("off", "switches off", json(success), success, { ...request, autoExtend: false }),
  accepts("newer", "order IDs in place of IP address IDs", { ...withoutList, orderIds: request.orderIds }),
  accepts("no-lists", "a success without lists", withoutList),
  accepts("null-lists", "null for the lists", { ...withoutList, ipAddressIds: null, orderIds: null }),
  accepts("null-balance", "null for the balance", { ...success, balance: null, currency: null }),
  accepts("other-order", "the fields in any order", Object.fromEntries(Object.entries(success).reverse())),
  reads("white-space", "white space around the JSON", {
    body: `\n ${JSON.stringify(success, null, 2)} \n`,
  }),
  reads("byte-order-mark", "a byte order mark", { body: `\ufeff${text}` }),
  reads("text-plain", "JSON under the wrong media type", {
    headers: { "content-type": "text/plain" },
    body: text,
  }),
  reads("no-media-type", "JSON without a media type", { headers: {}, body: text }),
  reads("created", "a success under another status of success", { status: 201, body: text }),
];

/** The provider said no: its code and message reach the caller. */
const refusals: readonly ClientCase[] = [
  refused(
    "extra-fields",
    "accepts fields that it does not know",
    json({ ...failure, error: { ...failure.error, hint: "none" }, requestId: "1" }),
  ),
  refused(
    "nulls",
    "accepts null for everything but the error",
    json({
      ...failure,
      ...{ rentPeriodDays: null, quantity: null, ipAddressIds: null, balance: null, currency: null },
    }),
  ),
  ...[307, 308, 400, 401, 422].map((status) =>
    refused(`under-${status}`, `reads the failure under status ${status}`, json(failure, { status })),
  ),
  // Whether a refusal under these is repeated is up to the client.
  ...([429, 500, 503] as const).map((status) =>
    switchCase(
      `refused/under-${status}`,
      `passes on the failure, and knows what may have been done under ${status}`,
      retriedJson(status, failure),
      { ...apiError(status === 429 ? "none" : "unknown"), status },
    ),
  ),
  switchCase(
    "refused/after-a-lost-answer",
    "knows that a lost answer may have been a success, although the next one is a refusal",
    [{ lose: "reset" }, json(failure)],
    apiError("unknown"),
    { sent: 2 },
  ),
];

/** Answers under a status of success that break the contract: neither a success nor a refusal for the caller. */
const brokenAnswers: readonly ClientCase[] = [
  applied("other-type", "a success about another proxy type", { ...success, proxyType: "IPv6" }),
  applied("other-period", "a success about another rental period", { ...success, rentPeriodDays: 60 }),
  applied("other-quantity", "a quantity that is not the length of the list", { ...success, quantity: 2 }),
  applied("other-orders", "a success about another order", { ...withoutList, orderIds: ["22222"] }),
  applied("order-missing", "a success about none of the orders", { ...withoutList, orderIds: [] }),
  applied("no-quantity", "a success without a quantity", withoutQuantity),
  applied("quantity-as-text", "a quantity as a string", { ...success, quantity: "1" }),
  applied("list-as-text", "a string in place of a list", { ...success, ipAddressIds: "1111111111111111111" }),
  applied("id-as-number", "an ID as a number", { ...success, ipAddressIds: [1] }),
  applied("success-and-error", "a success with an error", { ...success, error: failure.error }),
  garbled("success-as-text", '"true" for true', json({ ...success, success: "true" })),
  garbled(
    "code-as-text",
    "a code as a string",
    json({ ...failure, error: { ...failure.error, code: "29" } }),
  ),
  garbled("list", "a list in place of an object", json([success])),
  garbled("null", "null in place of an object", json(null)),
  garbled("empty", "an empty body", { body: "" }),
  garbled("no-content", "a status without a body", { status: 204, headers: {}, body: "" }),
  garbled("two-answers", "two answers in one", { body: text + text }),
  garbled("invalid-utf-8", "bytes that are not UTF-8", { body: invalidUtf8() }),
  garbled("too-large", "an answer of more than 16 MiB", { body: text, padding: 16 * 1024 * 1024 }),
];

/** Answers of something that is not the API, or not working: gateways, redirects, limits. */
const httpErrors: readonly ClientCase[] = [
  ...[301, 302, 303, 308].map((status) =>
    httpError(`redirect-${status}`, `does not follow a redirect: ${status}`, redirect(status), {
      effect: "unknown",
      sent: 1,
    }),
  ),
  ...[400, 401, 403, 404, 405, 413, 415].map((status) =>
    httpError(`status-${status}`, `knows that nothing was done under ${status}`, html(status), {
      effect: "none",
      sent: 1,
    }),
  ),
  httpError("status-429", "knows that nothing was done under 429", html(429), { effect: "none" }),
  ...[408, 502, 503, 504].map((status) =>
    httpError(`status-${status}`, `does not know what was done under ${status}`, html(status), {
      effect: "unknown",
    }),
  ),
  httpError(
    "problem-500",
    "does not take a problem document for a failure envelope",
    retriedJson(
      500,
      { type: "about:blank", title: "Internal Server Error", status: 500 },
      "application/problem+json",
    ),
    { effect: "unknown" },
  ),
  ...[307, 308].map((status) =>
    httpError(`success-under-${status}`, `trusts no success under ${status}`, json(success, { status }), {
      effect: "unknown",
      sent: 1,
    }),
  ),
  httpError("success-under-500", "trusts no success under a status of failure", retriedJson(500, success), {
    effect: "unknown",
  }),
  ...[429, 502, 503].map((status) =>
    switchCase(
      `http/${status}-then-success`,
      `repeats the request after a ${status}`,
      [html(status), json(success)],
      { outcome: "success", answer: success },
      { sent: 2 },
    ),
  ),
  switchCase(
    "http/500-then-401",
    "knows that a 500 may have been a success, although the next answer is a 401",
    [html(500), html(401)],
    { outcome: "error", error: "HttpError", effect: "unknown", status: 401 },
    { sent: 2 },
  ),
  switchCase(
    "http/429-then-refused",
    "knows that a 429 did nothing, and neither did the refusal after it",
    [html(429), json(failure)],
    apiError("none"),
    { sent: 2 },
  ),
];

/** Answers that get lost on the way, before one that arrives. */
const lostAnswers: readonly ClientCase[] = (["cut", "hang", "stall"] as const).map((lose) =>
  switchCase(
    `lost/${lose}-then-success`,
    `repeats the request after an answer was lost: ${lose}`,
    [{ lose }, json(success)],
    { outcome: "success", answer: success },
    { sent: 2 },
  ),
);

const badInputs: readonly ClientCase[] = [
  badInput("no-orders", "an empty list of order IDs", { ...request, orderIds: [] }),
  badInput("order-number", "an order number", { ...request, orderIds: ["NUMBER-112233"] }),
  badInput("empty-order-id", "an empty order ID", { ...request, orderIds: [""] }),
  badInput("unknown-type", "a proxy type that does not exist", { ...request, proxyType: "IPv5" }),
  badInput("fraction", "a fraction of a day", { ...request, rentPeriodDays: 30.5 }),
  badInput("zero-days", "a rental period of 0 days", { ...request, rentPeriodDays: 0 }),
  badInput("orders-as-text", "a string in place of a list", { ...request, orderIds: "11111" }),
  badInput("order-as-number", "an order ID as a number", { ...request, orderIds: [11111] }),
  badInput("days-as-text", "a rental period as a string", { ...request, rentPeriodDays: "30" }),
  badInput("auto-extend-as-text", "autoExtend as a string", { ...request, autoExtend: "false" }),
  ...(["proxyType", "orderIds", "rentPeriodDays", "autoExtend"] as const).map((field) => {
    const { [field]: missing, ...rest } = request;
    return badInput(`no-${field}`, `a request without ${field}`, rest);
  }),
  badInput("unknown-field", "a field that the request does not have", { ...request, ipAddressIds: ["1"] }),
];

export const switchCases: readonly ClientCase[] = [
  ...successes,
  ...refusals,
  ...brokenAnswers,
  ...httpErrors,
  ...lostAnswers,
  ...badInputs,
];

function switchCase(
  id: string,
  title: string,
  script: Script | GivenAnswer | LostAnswer,
  expect: ExpectedOutcome,
  more: { readonly sent?: number; readonly request?: unknown } = {},
): ClientCase {
  return caseOf(setAutoExtend, id, { title, request, script, expect, ...more });
}

function succeeds(
  id: string,
  title: string,
  script: GivenAnswer,
  answer: unknown,
  input: unknown = request,
): ClientCase {
  return switchCase(
    `success/${id}`,
    title,
    script,
    { outcome: "success", answer },
    { sent: 1, request: input },
  );
}

function accepts(id: string, what: string, answer: unknown): ClientCase {
  return succeeds(id, `accepts ${what}`, json(answer), answer);
}

function reads(id: string, what: string, script: GivenAnswer): ClientCase {
  return succeeds(id, `accepts ${what}`, script, success);
}

function refused(id: string, title: string, script: GivenAnswer, error = failure.error): ClientCase {
  return switchCase(`refused/${id}`, title, script, { ...apiError("none"), ...error }, { sent: 1 });
}

function apiError(effect: Effect) {
  return { outcome: "error", error: "ApiError", effect, ...failure.error } as const;
}

/** The provider reports success, in a form that breaks the contract. */
function applied(id: string, what: string, answer: unknown): ClientCase {
  const expect = { outcome: "error", error: "ContractError", effect: "reported-applied" } as const;
  return switchCase(`broken/${id}`, `does not take for a success: ${what}`, json(answer), expect, {
    sent: 1,
  });
}

/** The answer says neither success nor failure. */
function garbled(id: string, what: string, script: GivenAnswer): ClientCase {
  const expect = { outcome: "error", error: "ContractError", effect: "unknown" } as const;
  return switchCase(`broken/${id}`, `does not guess the meaning of ${what}`, script, expect, { sent: 1 });
}

function httpError(
  id: string,
  title: string,
  answer: GivenAnswer,
  { effect, ...more }: { readonly effect: Effect; readonly sent?: number },
): ClientCase {
  const status = answer.status ?? 200;
  return switchCase(
    `http/${id}`,
    title,
    answer,
    { outcome: "error", error: "HttpError", effect, status },
    more,
  );
}

function badInput(id: string, what: string, input: unknown): ClientCase {
  return refusedInput(setAutoExtend, id, what, input);
}

/** The documented success with a byte in its currency that occurs nowhere in UTF-8. */
function invalidUtf8(): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  bytes[text.indexOf("USD")] = 0xff;
  return bytes;
}
