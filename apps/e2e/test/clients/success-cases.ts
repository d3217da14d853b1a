import { proxyTypes, setAutoExtend, specOf } from "@auto-extend/core";
import { clientCase, json, request, success } from "./answers.js";
import type { ClientCase, GivenAnswer } from "./client-case.js";

const { ipAddressIds, ...withoutList } = success;
const newer = { ...withoutList, orderIds: request.orderIds };
const text = JSON.stringify(success);

/** Successes in every form that a caller puts up with. */
export const successCases: readonly ClientCase[] = [
  ...proxyTypes.map((type) => {
    const example = specOf(setAutoExtend).examples.requests[type];
    return clientCase(`success/${type}`, {
      title: `hands on the documented success of ${type}`,
      request: example.request,
      script: json(example.success),
      expect: { outcome: "success", answer: example.success },
      sent: 1,
    });
  }),
  clientCase("success/off", {
    title: "switches off",
    request: { ...request, autoExtend: false },
    script: json(success),
    expect: { outcome: "success", answer: success },
    sent: 1,
  }),
  accepted("newer", "takes order ids in place of IP address ids", newer),
  accepted("no-lists", "takes a success without lists", withoutList),
  accepted("null-lists", "takes null for the lists", { ...withoutList, ipAddressIds: null, orderIds: null }),
  accepted("null-balance", "takes null for the balance", { ...success, balance: null, currency: null }),
  accepted("extra-fields", "hands on fields that it does not know", {
    ...success,
    warnings: [{ code: 16, message: "Low balance" }],
  }),
  accepted(
    "other-order",
    "takes the fields in any order",
    Object.fromEntries(Object.entries(success).reverse()),
  ),
  spelled("white-space", "takes white space around the JSON", {
    body: `\n ${JSON.stringify(success, null, 2)} \n`,
  }),
  spelled("byte-order-mark", "takes a byte order mark", { body: `\ufeff${text}` }),
  spelled("text-plain", "takes JSON under the wrong media type", {
    headers: { "content-type": "text/plain" },
    body: text,
  }),
  spelled("no-media-type", "takes JSON without a media type", { headers: {}, body: text }),
  spelled("created", "takes a success under another status of success", { status: 201, body: text }),
];

function accepted(id: string, title: string, answer: unknown): ClientCase {
  return clientCase(`success/${id}`, {
    title,
    script: json(answer),
    expect: { outcome: "success", answer },
    sent: 1,
  });
}

function spelled(id: string, title: string, script: GivenAnswer): ClientCase {
  return clientCase(`success/${id}`, {
    title,
    script,
    expect: { outcome: "success", answer: success },
    sent: 1,
  });
}
