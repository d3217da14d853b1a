import {
  getBalance,
  getRentPeriods,
  type Operation,
  priceExtension,
  setAutoExtendByIpAddress,
  specOf,
} from "@auto-extend/core";
import { caseOf, json } from "./answers.js";
import type { ClientCase } from "./client-case.js";

const switched = specOf(setAutoExtendByIpAddress).examples.requests.IPv4;
const priced = specOf(priceExtension).examples.requests.IPv4;
const periods = specOf(getRentPeriods).examples.requests.IPv4;
const told = specOf(getBalance).examples.requests.balance;

/** What is particular to the operations beside the one that switches orders: answers that break them, wrong input. */
export const companionCases: readonly ClientCase[] = [
  applied("other-ip-addresses", "a success about other IP addresses", {
    ...switched.success,
    ipAddressIds: ["1"],
  }),
  applied("other-quantity", "a success about more IP addresses than were asked for", {
    ...switched.success,
    quantity: 2,
    ipAddressIds: [...switched.success.ipAddressIds, "1"],
  }),
  applied("other-type", "a success about another proxy type", { ...switched.success, proxyType: "IPv6" }),
  broken(priceExtension, "other-type", "a price of another proxy type", priced.request, {
    ...priced.success,
    proxyType: "IPv6",
  }),
  broken(priceExtension, "price-as-text", "a price as a string", priced.request, {
    ...priced.success,
    price: "0.80",
  }),
  broken(getRentPeriods, "days-as-text", "rental periods as strings", periods.request, {
    ...periods.success,
    rentPeriodDays: ["30"],
  }),
  broken(getBalance, "balance-as-text", "a balance as a string", told.request, {
    ...told.success,
    balance: "5.00",
  }),
  ...[
    refusedInput(setAutoExtendByIpAddress, "no-ip-addresses", "an empty list of IP address ids", {
      ...switched.request,
      ipAddressIds: [],
    }),
    refusedInput(setAutoExtendByIpAddress, "empty-id", "an empty IP address id", {
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
    refusedInput(priceExtension, "no-orders", "an empty list of order ids", {
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
  ],
];

/** The provider reports that something was switched, in a form that breaks the contract. */
function applied(id: string, what: string, answer: unknown): ClientCase {
  return caseOf(setAutoExtendByIpAddress, `broken/${id}`, {
    title: `does not take for a success: ${what}`,
    request: switched.request,
    script: json(answer),
    expect: { outcome: "error", error: "ContractError", effect: "reported-applied" },
    sent: 1,
  });
}

/** The answer breaks the contract, and nothing was to be changed. */
function broken(
  operation: Operation,
  id: string,
  what: string,
  request: unknown,
  answer: unknown,
): ClientCase {
  return caseOf(operation, `broken/${id}`, {
    title: `does not take for a success: ${what}`,
    request,
    script: json(answer),
    expect: { outcome: "error", error: "ContractError", effect: "none" },
    sent: 1,
  });
}

/** A request that is wrong from the start: the caller is told, and nothing is sent. */
export function refusedInput(operation: Operation, id: string, what: string, input: unknown): ClientCase {
  return caseOf(operation, `input/${id}`, {
    title: `does not send ${what}`,
    request: input,
    script: json(Object.values(specOf(operation).examples.requests)[0]?.success),
    expect: { outcome: "error", error: "RequestError", effect: "none" },
    sent: 0,
  });
}
