import { clientCase, failure, html, json, request, success } from "./answers.js";
import type { ClientCase, GivenAnswer } from "./client-case.js";

const { quantity, ...withoutQuantity } = success;
const { ipAddressIds, ...withoutList } = success;
const text = JSON.stringify(success);

/** Answers under a status of success that break the contract: neither a success nor a refusal for the caller. */
export const brokenAnswerCases: readonly ClientCase[] = [
  applied("other-type", "a success about another proxy type", { ...success, proxyType: "IPv6" }),
  applied("other-period", "a success about another rental period", { ...success, rentPeriodDays: 60 }),
  applied("other-quantity", "a quantity that is not that of the list", { ...success, quantity: 2 }),
  applied("other-orders", "a success about another order", { ...withoutList, orderIds: ["22222"] }),
  applied("order-missing", "a success about none of the orders", { ...withoutList, orderIds: [] }),
  applied("no-quantity", "a success without a quantity", withoutQuantity),
  applied("quantity-as-text", "a quantity as a string", { ...success, quantity: "1" }),
  applied("list-as-text", "a string in place of a list", { ...success, ipAddressIds: "1111111111111111111" }),
  applied("id-as-number", "an id as a number", { ...success, ipAddressIds: [1] }),
  applied("success-and-error", "a success with an error", { ...success, error: failure.error }),
  garbled("success-as-text", '"true" for true', json({ ...success, success: "true" })),
  garbled("no-success-field", "an answer that does not say whether it is a success", json(request)),
  garbled(
    "code-as-text",
    "a code as a string",
    json({ ...failure, error: { ...failure.error, code: "29" } }),
  ),
  garbled("failure-without-error", "a failure without an error", json({ ...failure, error: null })),
  garbled("list", "a list in place of an object", json([success])),
  garbled("null", "null in place of an object", json(null)),
  garbled("html", "a page", html(200)),
  garbled("empty", "an empty body", { body: "" }),
  garbled("no-content", "a status without a body", { status: 204, headers: {}, body: "" }),
  garbled("truncated", "JSON that breaks off", { body: text.slice(0, -20) }),
  garbled("two-answers", "two answers in one", { body: text + text }),
  garbled("invalid-utf-8", "bytes that are not UTF-8", { body: invalidUtf8() }),
  garbled("too-large", "an answer of more than 16 MiB", { body: text, padding: 16 * 1024 * 1024 }),
];

/** The provider reports success, in a form that breaks the contract. */
function applied(id: string, title: string, answer: unknown): ClientCase {
  return clientCase(`broken/${id}`, {
    title: `does not take for a success: ${title}`,
    script: json(answer),
    expect: { outcome: "error", error: "ContractError", effect: "reported-applied" },
    sent: 1,
  });
}

/** The answer says neither success nor failure. */
function garbled(id: string, title: string, script: GivenAnswer): ClientCase {
  return clientCase(`broken/${id}`, {
    title: `does not guess what is meant by ${title}`,
    script,
    expect: { outcome: "error", error: "ContractError", effect: "unknown" },
    sent: 1,
  });
}

/** The documented success with a byte in its currency that occurs nowhere in UTF-8. */
function invalidUtf8(): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  bytes[text.indexOf("USD")] = 0xff;
  return bytes;
}
