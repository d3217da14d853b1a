import { clientCase, json, request, success } from "./answers.js";
import type { ClientCase } from "./client-case.js";

/** Requests that are wrong from the start: the caller is told, and nothing is sent. */
export const badInputCases: readonly ClientCase[] = [
  refusedInput("no-orders", "an empty list of order ids", { ...request, orderIds: [] }),
  refusedInput("order-number", "an order number", { ...request, orderIds: ["NUMBER-112233"] }),
  refusedInput("empty-order-id", "an empty order id", { ...request, orderIds: [""] }),
  refusedInput("unknown-type", "a proxy type that does not exist", { ...request, proxyType: "IPv5" }),
  refusedInput("fraction", "a fraction of a day", { ...request, rentPeriodDays: 30.5 }),
  refusedInput("zero-days", "a rental period of 0 days", { ...request, rentPeriodDays: 0 }),
  refusedInput("orders-as-text", "a string in place of a list", { ...request, orderIds: "11111" }),
  refusedInput("order-as-number", "an order id as a number", { ...request, orderIds: [11111] }),
  refusedInput("days-as-text", "a rental period as a string", { ...request, rentPeriodDays: "30" }),
  refusedInput("auto-extend-as-text", "autoExtend as a string", { ...request, autoExtend: "false" }),
  ...(["proxyType", "orderIds", "rentPeriodDays", "autoExtend"] as const).map((field) => {
    const { [field]: missing, ...rest } = request;
    return refusedInput(`no-${field}`, `a request without ${field}`, rest);
  }),
  refusedInput("unknown-field", "a field that the request does not have", {
    ...request,
    ipAddressIds: ["1"],
  }),
];

function refusedInput(id: string, title: string, input: unknown): ClientCase {
  return clientCase(`input/${id}`, {
    title: `does not send ${title}`,
    request: input,
    script: json(success),
    expect: { outcome: "error", error: "RequestError", effect: "none" },
    sent: 0,
  });
}
