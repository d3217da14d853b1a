import {
  type Effect,
  type EmittedAnswers,
  type ErrorName,
  getBalance,
  getRentPeriods,
  listIpAddresses,
  type Operation,
  priceExtension,
  setAutoExtendByIpAddress,
  specOf,
} from "@auto-extend/core";
import {
  type ClientCase,
  caseOf,
  type ExpectedOutcome,
  type GivenAnswer,
  html,
  json,
  type LostAnswer,
  redirect,
  refusedInput,
  retriedJson,
  type Script,
  unknownError,
} from "./case.js";

/**
 * The promises that hold for every operation: its successes and failures come back for what they are, and if anything
 * else comes in place of them, the caller knows whether something may have been changed.
 */
export function operationCases(operation: Operation): ClientCase[] {
  const effect: Effect = operation.changes ? "unknown" : "none";
  const { examples } = specOf(operation);
  const [example] = Object.values(examples.requests);
  if (!example) throw new RangeError(`The operation ${operation.id} has no example.`);
  const { request, success } = example;
  const { failure } = examples;
  const succeeds = { outcome: "success", answer: success } as const;

  const make = (
    id: string,
    title: string,
    script: GivenAnswer | LostAnswer | Script,
    expect: ExpectedOutcome,
    sent?: number,
  ) => caseOf(operation, id, { title, request, script, expect, ...(sent !== undefined && { sent }) });
  const refused = (id: string, title: string, body: unknown, status = 200) => {
    const { error } = body as { error: { code: number; message: string } };
    const expect = { outcome: "error", error: "ApiError", effect: "none", ...error } as const;
    return make(`refused/${id}`, title, json(body, { status }), expect, 1);
  };
  const lost = (lose: LostAnswer["lose"], title: string, error: ErrorName, lostEffect = effect) =>
    make(`lost/${lose}`, title, { lose }, { outcome: "error", error, effect: lostEffect });
  const httpError = (id: string, title: string, script: GivenAnswer & { status: number }, sent?: number) => {
    const { status } = script;
    return make(`http/${id}`, title, script, { outcome: "error", error: "HttpError", effect, status }, sent);
  };
  const garbled = (id: string, what: string, script: GivenAnswer) =>
    make(
      `broken/${id}`,
      `does not guess the meaning of ${what}`,
      script,
      { outcome: "error", error: "ContractError", effect },
      1,
    );

  return [
    ...Object.entries(examples.requests).map(([name, shown]) => ({
      ...make(
        `success/${name}`,
        `returns the documented success of ${name}`,
        json(shown.success),
        { outcome: "success", answer: shown.success },
        1,
      ),
      request: shown.request,
    })),
    accepted(operation, "extra-fields", "fields that it does not know", {
      ...(success as object),
      requestId: "1",
    }),
    ...examples.failures.map(({ code, failure: shown }) =>
      refused(`code-${code}`, `passes on error ${code}`, shown),
    ),
    refused("unknown-code", "passes on a code that it does not know", {
      ...(failure as object),
      error: unknownError,
    }),
    refused("bare", "accepts a failure that has only its error", { success: false, error: unknownError }),
    refused("under-403", "reads the failure under status 403", failure, 403),
    lost("refuse", "knows that nothing was done if no connection was made", "NetworkError", "none"),
    lost("reset", "knows what a broken connection may mean", "NetworkError"),
    lost("cut", "does not take a part of an answer for the whole", "NetworkError"),
    lost("hang", "stops waiting for an answer", "TimeoutError"),
    lost("stall", "stops waiting for the rest of an answer", "TimeoutError"),
    make(
      "lost/reset-then-success",
      "repeats the request after an answer was lost",
      [{ lose: "reset" }, json(success)],
      succeeds,
      2,
    ),
    make("http/500-then-success", "repeats the request after a 500", [html(500), json(success)], succeeds, 2),
    httpError("status-500", "knows what may have been done under 500", html(500)),
    httpError("redirect-307", "does not follow a redirect", redirect(307), 1),
    garbled("no-success-field", "an answer that does not say whether it is a success", json({ error: null })),
    garbled("failure-without-error", "a failure without an error", json({ success: false, error: null })),
    garbled("html", "a page", html(200)),
    garbled("truncated", "JSON that breaks off", { body: JSON.stringify(success).slice(0, -3) }),
  ];
}

const switched = specOf(setAutoExtendByIpAddress).examples.requests.IPv4;
const priced = specOf(priceExtension).examples.requests.IPv4;
const periods = specOf(getRentPeriods).examples.requests.IPv4;
const known = specOf(getBalance).examples.requests.balance;
const listed = specOf(listIpAddresses).examples.requests.all;

/** Answers that contradict themselves or the request, and wrong input. */
const ownCases: readonly ClientCase[] = [
  broken(setAutoExtendByIpAddress, "other-ip-addresses", "a success about other IP addresses", {
    ...switched.success,
    ipAddressIds: ["1"],
  }),
  broken(setAutoExtendByIpAddress, "other-quantity", "a success about more IP addresses than were named", {
    ...switched.success,
    quantity: 2,
    ipAddressIds: [...switched.success.ipAddressIds, "1"],
  }),
  broken(setAutoExtendByIpAddress, "other-type", "a success about another proxy type", {
    ...switched.success,
    proxyType: "IPv6",
  }),
  broken(priceExtension, "other-type", "a price of another proxy type", {
    ...priced.success,
    proxyType: "IPv6",
  }),
  accepted(priceExtension, "short-balance", "a price with a warning", {
    ...priced.success,
    price: 8.3,
    warnings: [{ code: 16, message: "Insufficient funds on balance" }],
  }),
  broken(priceExtension, "price-as-text", "a price as a string", { ...priced.success, price: "0.80" }),
  broken(getRentPeriods, "days-as-text", "rental periods as strings", {
    ...periods.success,
    rentPeriodDays: ["30"],
  }),
  broken(getBalance, "balance-as-text", "a balance as a string", { ...known.success, balance: "5.00" }),
  refusedInput(setAutoExtendByIpAddress, "no-ip-addresses", "an empty list of IP address IDs", {
    ...switched.request,
    ipAddressIds: [],
  }),
  refusedInput(setAutoExtendByIpAddress, "empty-id", "an empty IP address ID", {
    ...switched.request,
    ipAddressIds: [""],
  }),
  refusedInput(setAutoExtendByIpAddress, "unknown-type", "a proxy type that does not exist", {
    ...switched.request,
    proxyType: "IPv5",
  }),
  refusedInput(setAutoExtendByIpAddress, "auto-extend-as-text", "autoExtend as a string", {
    ...switched.request,
    autoExtend: "false",
  }),
  refusedInput(priceExtension, "no-orders", "an empty list of order IDs", {
    ...priced.request,
    orderIds: [],
  }),
  refusedInput(priceExtension, "order-number", "an order number", {
    ...priced.request,
    orderIds: ["NUMBER-112233"],
  }),
  refusedInput(priceExtension, "fraction", "a fraction of a day", {
    ...priced.request,
    rentPeriodDays: 30.5,
  }),
  refusedInput(getRentPeriods, "no-proxyType", "a request without proxyType", {}),
  refusedInput(getRentPeriods, "unknown-type", "a proxy type that does not exist", { proxyType: "IPv5" }),
  refusedInput(listIpAddresses, "unknown-type", "a proxy type that does not exist", { proxyType: "IPv5" }),
];

const groups: EmittedAnswers<"listIpAddresses">["success"]["ipAddresses"] = [...listed.success.ipAddresses];
const [record] = groups[0]?.orders[0]?.ipAddresses ?? [];
const listText = JSON.stringify(listed.success);

/** The credentials in the answers of these cases. They must be in no error, event or log. */
export const proxyCredentials: readonly string[] = groups.flatMap(({ orders }) =>
  orders.flatMap(({ ipAddresses }) => ipAddresses.flatMap(({ authInfo }) => Object.values(authInfo))),
);

/** The list of IP addresses comes in many shapes, and with credentials. */
const listCases: readonly ClientCase[] = [
  accepted(listIpAddresses, "empty", "an account without IP addresses", {
    ...listed.success,
    ipAddresses: [],
  }),
  accepted(listIpAddresses, "by-type-name", "a list with a field for each proxy type", {
    success: true,
    ...Object.fromEntries(groups.map(({ proxyType, orders }) => [proxyType, orders])),
  }),
  accepted(listIpAddresses, "flat", "a list of records that name their orders themselves", {
    success: true,
    list: groups.flatMap(({ orders }) =>
      orders.flatMap(({ orderId, ipAddresses }) => ipAddresses.map((one) => ({ ...one, orderId }))),
    ),
  }),
  accepted(listIpAddresses, "dates-as-numbers", "dates as numbers", {
    success: true,
    list: [{ ...record, orderId: "11111", dateStart: 1_893_456_000, dateEnd: 1_896_048_000_000 }],
  }),
  keepsSecret(
    "broken/no-orders",
    "records that are in no order",
    "ContractError",
    json({ success: true, list: [record] }),
  ),
  keepsSecret("broken/breaks-off", "a list that breaks off", "ContractError", {
    body: listText.slice(0, listText.indexOf("extendInfo")),
  }),
  keepsSecret(
    "http/success-under-500",
    "a list under a status of failure",
    "HttpError",
    retriedJson(500, listed.success),
  ),
  keepsSecret(
    "refused/with-records",
    "a failure that has records",
    "ApiError",
    json({ success: false, ipAddresses: [record], error: { code: 35, message: "Unknown error" } }),
  ),
];

/** The cases of single operations, beside those that all operations have. */
export const specialCases: readonly ClientCase[] = [...ownCases, ...listCases];

function accepted(operation: Operation, id: string, what: string, answer: unknown): ClientCase {
  return caseOf(operation, `success/${id}`, {
    title: `accepts ${what}`,
    request: firstRequest(operation),
    script: json(answer),
    expect: { outcome: "success", answer },
    sent: 1,
  });
}

/** The answer reports success and breaks the contract. */
function broken(operation: Operation, id: string, what: string, answer: unknown): ClientCase {
  const effect = operation.changes ? "reported-applied" : "none";
  return caseOf(operation, `broken/${id}`, {
    title: `does not take for a success: ${what}`,
    request: firstRequest(operation),
    script: json(answer),
    expect: { outcome: "error", error: "ContractError", effect },
    sent: 1,
  });
}

/** The caller learns what is wrong with an answer, but not the credentials in it, which every case looks for. */
function keepsSecret(id: string, what: string, error: ErrorName, script: GivenAnswer): ClientCase {
  return caseOf(listIpAddresses, id, {
    title: `does not reveal the credentials in ${what}`,
    request: listed.request,
    script,
    expect: { outcome: "error", error, effect: "none" },
  });
}

function firstRequest(operation: Operation): unknown {
  return Object.values(specOf(operation).examples.requests)[0]?.request;
}
