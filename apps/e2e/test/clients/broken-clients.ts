import { clientDriver, driveClient } from "./client-driver.js";
import type { Driver, OperationDriver, Outcome, Reach } from "./index.js";

/** A client that breaks a promise, and the case that is there to catch it. */
export interface BrokenClient {
  readonly does: string;
  /** The id of the case. */
  readonly caughtBy: string;
  readonly driver: Driver;
}

/** Clients made of ours: each forgets one thing that it knows. */
export const brokenClients: readonly BrokenClient[] = [
  telling("takes a refusal for a success", "setAutoExtend/refused/code-29", (outcome) =>
    isError(outcome, "ApiError") ? { outcome: "success", answer: null } : outcome,
  ),
  telling("does not know new codes", "setAutoExtend/refused/unknown-code", (outcome) =>
    "code" in outcome && outcome.code === 4711 ? { ...outcome, code: 35 } : outcome,
  ),
  telling("has its own words for the provider's", "setAutoExtend/refused/code-4", (outcome) =>
    "message" in outcome ? { ...outcome, message: "Something went wrong" } : outcome,
  ),
  telling("takes a timeout for a refusal", "setAutoExtend/lost/hang", (outcome) =>
    isError(outcome, "TimeoutError") ? { ...outcome, effect: "none" } : outcome,
  ),
  telling(
    "takes every network error for a request that was never sent",
    "setAutoExtend/lost/reset",
    (outcome) => (isError(outcome, "NetworkError") ? { ...outcome, effect: "none" } : outcome),
  ),
  telling("forgets the attempts before the last", "setAutoExtend/refused/after-a-lost-answer", (outcome) =>
    isError(outcome, "ApiError") ? { ...outcome, effect: "none" } : outcome,
  ),
  telling(
    "plays down a success that breaks the contract",
    "setAutoExtend/broken/other-quantity",
    (outcome) => (isError(outcome, "ContractError") ? { ...outcome, effect: "unknown" } : outcome),
  ),
  telling("drops the fields that it does not know", "setAutoExtend/success/extra-fields", (outcome) => {
    if (outcome.outcome === "error") return outcome;
    const { warnings, ...answer } = outcome.answer as { warnings?: unknown };
    return { ...outcome, answer };
  }),
  {
    does: "shows its URL",
    caughtBy: "setAutoExtend/success/IPv4",
    driver: async (clientCase, reach) => ({
      ...(await driveClient(clientCase, reach)),
      shown: `${reach.baseUrl}/client/api/v1/${reach.apiKey}/extend/order/auto`,
    }),
  },
  fetching(
    "follows redirects",
    "setAutoExtend/http/redirect-307",
    ({ fetch }) =>
      (input, init) =>
        fetch(input, { ...init, redirect: "follow" }),
  ),
  fetching(
    "calls JSON plain text",
    "setAutoExtend/success/IPv4",
    ({ fetch }) =>
      (input, init) =>
        fetch(input, { ...init, headers: { "content-type": "text/plain" } }),
  ),
  fetching("sends everything twice", "setAutoExtend/success/IPv4", ({ fetch }) => async (input, init) => {
    await fetch(input, init);
    return fetch(input, init);
  }),
  fetching("never sends again", "setAutoExtend/http/500-then-success", ({ fetch }) => {
    let first: Promise<Response> | undefined;
    return async (input, init) => {
      first ??= fetch(input, init);
      return (await first).clone();
    };
  }),
  fetching(
    "believes every status",
    "setAutoExtend/http/success-under-500",
    ({ fetch }) =>
      async (input, init) => {
        const response = await fetch(input, init);
        return response.status === 500 ? new Response(response.body) : response;
      },
  ),
  telling("takes a refused price for a price", "priceExtension/refused/code-29", (outcome) =>
    isError(outcome, "ApiError") ? { outcome: "success", answer: null } : outcome,
  ),
  telling("takes a balance for a success that is none", "getBalance/refused/code-2", (outcome) =>
    isError(outcome, "ApiError") ? { outcome: "success", answer: { balance: null } } : outcome,
  ),
  telling("fears that something was done where nothing is changed", "getRentPeriods/lost/hang", (outcome) =>
    isError(outcome, "TimeoutError") ? { ...outcome, effect: "unknown" } : outcome,
  ),
  telling(
    "takes every lost answer for one that changed nothing",
    "setAutoExtendByIpAddress/lost/hang",
    (outcome) => (outcome.outcome === "error" ? { ...outcome, effect: "none" } : outcome),
  ),
  fetching(
    "asks for everything",
    "listIpAddresses/success/IPv4",
    ({ fetch }) =>
      (input, init) =>
        fetch(String(input).replace(/\?.*/, ""), init),
  ),
  {
    does: "quotes the answer that it could not read",
    caughtBy: "listIpAddresses/broken/no-orders",
    driver: everywhere(async (clientCase, reach) => ({
      ...(await driveClient(clientCase, reach)),
      shown: JSON.stringify(clientCase.script),
    })),
  },
  {
    does: "asks the server whether a request is valid",
    caughtBy: "setAutoExtend/input/order-number",
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
    driver: everywhere(async (clientCase, reach) => change(await driveClient(clientCase, reach))),
  };
}

/** Our client, with another way to the network. */
function fetching(does: string, caughtBy: string, change: (reach: Reach) => typeof fetch): BrokenClient {
  return {
    does,
    caughtBy,
    driver: everywhere((clientCase, reach) => driveClient(clientCase, { ...reach, fetch: change(reach) })),
  };
}

/** A driver that does the same for every operation. */
function everywhere(driver: OperationDriver): Driver {
  return Object.fromEntries(Object.keys(clientDriver).map((id) => [id, driver]));
}

function isError(outcome: Outcome, error: string): boolean {
  return outcome.outcome === "error" && outcome.error === error;
}
