import { type ErrorName, type ListIpAddressesSuccess, listIpAddresses, specOf } from "@auto-extend/core";
import { atOnce, caseOf, json } from "./answers.js";
import type { ClientCase, GivenAnswer } from "./client-case.js";
import { refusedInput } from "./companion-cases.js";

const { request, success } = specOf(listIpAddresses).examples.requests.all;
const groups: ListIpAddressesSuccess["ipAddresses"] = [...success.ipAddresses];
const text = JSON.stringify(success);
const [record] = success.ipAddresses[0]?.orders[0]?.ipAddresses ?? [];

/** What the answers of these cases hold that is nobody's but the caller's: it must be in no error, event or log. */
export const proxyCredentials: readonly string[] = groups.flatMap(({ orders }) =>
  orders.flatMap(({ ipAddresses }) => ipAddresses.flatMap(({ authInfo }) => Object.values(authInfo))),
);

/** The list of IP addresses comes in many shapes, and with credentials. */
export const ipAddressListCases: readonly ClientCase[] = [
  listed("empty", "takes an account without IP addresses", { ...success, ipAddresses: [] }),
  listed("by-type-name", "takes a list with a field for each proxy type", {
    success: true,
    ...Object.fromEntries(groups.map(({ proxyType, orders }) => [proxyType, orders])),
  }),
  listed("flat", "takes a list of records that name their orders themselves", {
    success: true,
    list: groups.flatMap(({ orders }) =>
      orders.flatMap(({ orderId, ipAddresses }) => ipAddresses.map((one) => ({ ...one, orderId }))),
    ),
  }),
  listed("dates-as-numbers", "takes dates as numbers", {
    success: true,
    list: [{ ...record, orderId: "11111", dateStart: 1_893_456_000, dateEnd: 1_896_048_000_000 }],
  }),
  secretive(
    "broken/no-orders",
    "records that are in no order",
    "ContractError",
    json({ success: true, list: [record] }),
  ),
  secretive("broken/breaks-off", "a list that breaks off", "ContractError", {
    body: text.slice(0, text.indexOf("extendInfo")),
  }),
  secretive(
    "http/success-under-500",
    "a list under a status of failure",
    "HttpError",
    json(success, { status: 500, headers: { "content-type": "application/json", ...atOnce } }),
  ),
  secretive(
    "refused/with-records",
    "a failure that has records",
    "ApiError",
    json({ success: false, ipAddresses: [record], error: { code: 35, message: "Unknown error" } }),
  ),
  refusedInput(listIpAddresses, "unknown-type", "a proxy type that does not exist", { proxyType: "IPv5" }),
];

function listed(id: string, title: string, answer: unknown): ClientCase {
  return caseOf(listIpAddresses, `success/${id}`, {
    title,
    request,
    script: json(answer),
    expect: { outcome: "success", answer },
    sent: 1,
  });
}

/** What went wrong with an answer must be told without its credentials, which every case looks for. */
function secretive(id: string, what: string, error: ErrorName, script: GivenAnswer): ClientCase {
  return caseOf(listIpAddresses, id, {
    title: `tells nothing of the credentials in ${what}`,
    request,
    script,
    expect: { outcome: "error", error, effect: "none" },
  });
}
