import type { Driver, Outcome, Reach } from "@auto-extend/contract-tests";
import { driveClient } from "./client-driver.js";

/** A client that breaks a promise, and the case that is there to catch it. */
export interface BrokenClient {
  readonly does: string;
  /** The id of the case. */
  readonly caughtBy: string;
  readonly driver: Driver;
}

/** Clients made of ours: each forgets one thing that it knows. */
export const brokenClients: readonly BrokenClient[] = [
  telling("takes a refusal for a success", "refused/code-29", (outcome) =>
    isError(outcome, "ApiError") ? { outcome: "success", answer: null } : outcome,
  ),
  telling("does not know new codes", "refused/unknown-code", (outcome) =>
    "code" in outcome && outcome.code === 4711 ? { ...outcome, code: 35 } : outcome,
  ),
  telling("has its own words for the provider's", "refused/code-4", (outcome) =>
    "message" in outcome ? { ...outcome, message: "Something went wrong" } : outcome,
  ),
  telling("takes a timeout for a refusal", "lost/hang", (outcome) =>
    isError(outcome, "TimeoutError") ? { ...outcome, effect: "none" } : outcome,
  ),
  telling("takes every network error for a request that was never sent", "lost/reset", (outcome) =>
    isError(outcome, "NetworkError") ? { ...outcome, effect: "none" } : outcome,
  ),
  telling("forgets the attempts before the last", "refused/after-a-lost-answer", (outcome) =>
    isError(outcome, "ApiError") ? { ...outcome, effect: "none" } : outcome,
  ),
  telling("plays down a success that breaks the contract", "broken/other-quantity", (outcome) =>
    isError(outcome, "ContractError") ? { ...outcome, effect: "unknown" } : outcome,
  ),
  telling("drops the fields that it does not know", "success/extra-fields", (outcome) => {
    if (outcome.outcome === "error") return outcome;
    const { warnings, ...answer } = outcome.answer as { warnings?: unknown };
    return { ...outcome, answer };
  }),
  {
    does: "shows its URL",
    caughtBy: "success/IPv4",
    driver: async (clientCase, reach) => ({
      ...(await driveClient(clientCase, reach)),
      shown: `${reach.baseUrl}/client/api/v1/${reach.apiKey}/extend/order/auto`,
    }),
  },
  fetching(
    "follows redirects",
    "http/redirect-307",
    ({ fetch }) =>
      (input, init) =>
        fetch(input, { ...init, redirect: "follow" }),
  ),
  fetching(
    "calls JSON plain text",
    "success/IPv4",
    ({ fetch }) =>
      (input, init) =>
        fetch(input, { ...init, headers: { "content-type": "text/plain" } }),
  ),
  fetching("sends everything twice", "success/IPv4", ({ fetch }) => async (input, init) => {
    await fetch(input, init);
    return fetch(input, init);
  }),
  fetching("never sends again", "http/500-then-success", ({ fetch }) => {
    let first: Promise<Response> | undefined;
    return async (input, init) => {
      first ??= fetch(input, init);
      return (await first).clone();
    };
  }),
  fetching("believes every status", "http/success-under-500", ({ fetch }) => async (input, init) => {
    const response = await fetch(input, init);
    return response.status === 500 ? new Response(response.body) : response;
  }),
  {
    does: "asks the server whether a request is valid",
    caughtBy: "input/order-number",
    driver: async ({ request }, { fetch, baseUrl, apiKey }) => {
      await fetch(`${baseUrl}/client/api/v1/${apiKey}/extend/order/auto`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
      });
      return { outcome: "error", error: "RequestError", effect: "none" };
    },
  },
];

/** Our client, with another word of what happened. */
function telling(does: string, caughtBy: string, change: (outcome: Outcome) => Outcome): BrokenClient {
  return {
    does,
    caughtBy,
    driver: async (clientCase, reach) => change(await driveClient(clientCase, reach)),
  };
}

/** Our client, with another way to the network. */
function fetching(does: string, caughtBy: string, change: (reach: Reach) => typeof fetch): BrokenClient {
  return {
    does,
    caughtBy,
    driver: (clientCase, reach) => driveClient(clientCase, { ...reach, fetch: change(reach) }),
  };
}

function isError(outcome: Outcome, error: string): boolean {
  return outcome.outcome === "error" && outcome.error === error;
}
