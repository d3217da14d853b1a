import { driveClient } from "./client-driver.js";
import type { Connection, Driver, Outcome } from "./run-cases.js";

export interface BrokenClient {
  readonly does: string;
  readonly caughtBy: string;
  readonly driver: Driver;
}

export const brokenClients: readonly BrokenClient[] = [
  misreporting("takes a refusal for a success", "setAutoExtend/refused/code-29", (outcome) =>
    isError(outcome, "ApiError") ? { outcome: "success", answer: null } : outcome,
  ),
  misreporting("does not know new codes", "setAutoExtend/refused/unknown-code", (outcome) =>
    "code" in outcome && outcome.code === 4711 ? { ...outcome, code: 35 } : outcome,
  ),
  misreporting("puts its own words in place of the provider's", "setAutoExtend/refused/code-4", (outcome) =>
    "message" in outcome ? { ...outcome, message: "Something went wrong" } : outcome,
  ),
  misreporting("takes a timeout for a refusal", "setAutoExtend/lost/hang", (outcome) =>
    isError(outcome, "TimeoutError") ? { ...outcome, effect: "none" } : outcome,
  ),
  misreporting(
    "takes every network error for a request that was never sent",
    "setAutoExtend/lost/reset",
    (outcome) => (isError(outcome, "NetworkError") ? { ...outcome, effect: "none" } : outcome),
  ),
  misreporting(
    "forgets the attempts before the last",
    "setAutoExtend/refused/after-a-lost-answer",
    (outcome) => (isError(outcome, "ApiError") ? { ...outcome, effect: "none" } : outcome),
  ),
  misreporting(
    "plays down a success that breaks the contract",
    "setAutoExtend/broken/other-quantity",
    (outcome) => (isError(outcome, "ContractError") ? { ...outcome, effect: "unknown" } : outcome),
  ),
  misreporting("drops the fields that it does not know", "setAutoExtend/success/extra-fields", (outcome) => {
    if (outcome.outcome === "error") return outcome;
    const { requestId, ...answer } = outcome.answer as { requestId?: unknown };
    return { ...outcome, answer };
  }),
  {
    does: "shows its URL",
    caughtBy: "setAutoExtend/success/IPv4",
    driver: async (clientCase, connection) => ({
      ...(await driveClient(clientCase, connection)),
      shown: `${connection.baseUrl}/client/api/v1/${connection.apiKey}/extend/order/auto`,
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
  {
    does: "switches on whatever it is asked for",
    caughtBy: "setAutoExtend/success/off",
    driver: ({ request, ...clientCase }, connection) =>
      driveClient({ ...clientCase, request: { ...(request as object), autoExtend: true } }, connection),
  },
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
  misreporting("takes a refused price for a price", "priceExtension/refused/code-29", (outcome) =>
    isError(outcome, "ApiError") ? { outcome: "success", answer: null } : outcome,
  ),
  misreporting("takes a refusal for an unknown balance", "getBalance/refused/code-2", (outcome) =>
    isError(outcome, "ApiError") ? { outcome: "success", answer: { balance: null } } : outcome,
  ),
  misreporting(
    "suspects a change after an operation that changes nothing",
    "getRentPeriods/lost/hang",
    (outcome) => (isError(outcome, "TimeoutError") ? { ...outcome, effect: "unknown" } : outcome),
  ),
  misreporting("takes every lost answer for a refusal", "setAutoExtendByIpAddress/lost/hang", (outcome) =>
    outcome.outcome === "error" ? { ...outcome, effect: "none" } : outcome,
  ),
  fetching(
    "asks for everything",
    "listIpAddresses/success/IPv4",
    ({ fetch }) =>
      (input, init) =>
        fetch(String(input).replace(/\?.*/, ""), init),
  ),
  {
    does: "shows the credentials in an answer",
    caughtBy: "listIpAddresses/success/all",
    driver: async (clientCase, connection) => ({
      ...(await driveClient(clientCase, connection)),
      shown: JSON.stringify(clientCase.script),
    }),
  },
  {
    does: "quotes the answer that it could not read",
    caughtBy: "listIpAddresses/broken/no-orders",
    driver: async (clientCase, connection) => ({
      ...(await driveClient(clientCase, connection)),
      shown: JSON.stringify(clientCase.script),
    }),
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

/** Our client, whose caller learns something else. */
function misreporting(does: string, caughtBy: string, change: (outcome: Outcome) => Outcome): BrokenClient {
  return {
    does,
    caughtBy,
    driver: async (clientCase, connection) => change(await driveClient(clientCase, connection)),
  };
}

/** Our client, whose requests go another way. */
function fetching(
  does: string,
  caughtBy: string,
  change: (connection: Connection) => typeof fetch,
): BrokenClient {
  return {
    does,
    caughtBy,
    driver: (clientCase, connection) => driveClient(clientCase, { ...connection, fetch: change(connection) }),
  };
}

function isError(outcome: Outcome, error: string): boolean {
  return outcome.outcome === "error" && outcome.error === error;
}
