import { type Effect, type ErrorName, type Operation, specOf } from "@auto-extend/core";
import { caseOf, html, json } from "./answers.js";
import type { ClientCase, GivenAnswer, LostAnswer } from "./client-case.js";

const unheardOf = { code: 4711, message: "Brand new" };

/**
 * What a client is held to whatever the operation: its successes and failures come back for what they are, and of what
 * comes in place of them it is known whether anything was done. Nothing was where the operation changes nothing.
 */
export function operationCases(operation: Operation): ClientCase[] {
  const lostEffect: Effect = operation.changes ? "unknown" : "none";
  const { examples } = specOf(operation);
  const [example] = Object.values(examples.requests);
  if (!example) throw new RangeError(`The operation ${operation.id} has no example.`);
  const { request, success } = example;
  const { failure } = examples;

  return [
    ...Object.entries({ ...examples.requests, ...examples.otherAccounts }).map(([name, shown]) =>
      caseOf(operation, `success/${name}`, {
        title: `hands on the documented success of ${name}`,
        request: shown.request,
        script: json(shown.success),
        expect: { outcome: "success", answer: shown.success },
        sent: 1,
      }),
    ),
    accepted("extra-fields", "hands on fields that it does not know", { ...object(success), requestId: "1" }),
    ...examples.failures.map(({ code, failure: shown }) =>
      refused(`code-${code}`, `hands on error ${code}`, shown),
    ),
    refused("unknown-code", "hands on a code that it does not know", {
      ...object(failure),
      error: unheardOf,
    }),
    refused("bare", "takes a failure that has nothing but its error", { success: false, error: unheardOf }),
    refused("under-403", "goes by the failure, whatever the status: 403", object(failure), 403),
    lost("refuse", "knows that nothing is done where no connection is made", "NetworkError", "none"),
    lost("reset", "knows what a broken connection may mean", "NetworkError", lostEffect),
    lost("cut", "does not take a part of an answer for the whole", "NetworkError", lostEffect),
    lost("hang", "gives up waiting for an answer", "TimeoutError", lostEffect),
    lost("stall", "gives up waiting for the rest of an answer", "TimeoutError", lostEffect),
    caseOf(operation, "lost/reset-then-success", {
      title: "sends again after an answer was lost",
      request,
      script: [{ lose: "reset" }, json(success)],
      expect: { outcome: "success", answer: success },
      sent: 2,
    }),
    caseOf(operation, "http/500-then-success", {
      title: "sends again after a 500",
      request,
      script: [html(500), json(success)],
      expect: { outcome: "success", answer: success },
      sent: 2,
    }),
    httpError("status-500", "knows what may have been done behind a 500", html(500)),
    httpError("redirect-307", "does not follow a redirect", {
      ...html(307),
      headers: { "content-type": "text/html", location: "/elsewhere" },
    }),
    garbled("no-success-field", "an answer that does not say whether it is a success", json({ error: null })),
    garbled("failure-without-error", "a failure without an error", json({ success: false, error: null })),
    garbled("html", "a page", html(200)),
    garbled("truncated", "JSON that breaks off", { body: JSON.stringify(success).slice(0, -3) }),
  ];

  function accepted(id: string, title: string, answer: unknown): ClientCase {
    const expect = { outcome: "success", answer } as const;
    return caseOf(operation, `success/${id}`, { title, request, script: json(answer), expect, sent: 1 });
  }

  function refused(id: string, title: string, body: unknown, status = 200): ClientCase {
    const { error } = body as { error: { code: number; message: string } };
    return caseOf(operation, `refused/${id}`, {
      title,
      request,
      script: json(body, { status }),
      expect: { outcome: "error", error: "ApiError", effect: "none", ...error },
      sent: 1,
    });
  }

  function lost(lose: LostAnswer["lose"], title: string, error: ErrorName, effect: Effect): ClientCase {
    const expect = { outcome: "error", error, effect } as const;
    return caseOf(operation, `lost/${lose}`, { title, request, script: { lose }, expect });
  }

  function httpError(id: string, title: string, script: GivenAnswer & { status: number }): ClientCase {
    const { status } = script;
    const expect = { outcome: "error", error: "HttpError", effect: lostEffect, status } as const;
    return caseOf(operation, `http/${id}`, { title, request, script, expect });
  }

  function garbled(id: string, what: string, script: GivenAnswer): ClientCase {
    return caseOf(operation, `broken/${id}`, {
      title: `does not guess what is meant by ${what}`,
      request,
      script,
      expect: { outcome: "error", error: "ContractError", effect: lostEffect },
      sent: 1,
    });
  }
}

function object(value: unknown): object {
  return value as object;
}
