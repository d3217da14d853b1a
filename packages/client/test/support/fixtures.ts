import {
  type AutoExtendError,
  type ClientOptions,
  createClient,
  isAutoExtendError,
} from "@auto-extend/client";
import { setAutoExtend, specOf } from "@auto-extend/core";
import { expect } from "vitest";

/** A key that must not come out anywhere. */
export const apiKey = "canary/key 0123'456789";

/** The documented request, success and failure. */
export const { request, success } = specOf(setAutoExtend).examples.requests.IPv4;
export const failure = specOf(setAutoExtend).examples.failure;

/** A server for calls that never reach it. */
export const nowhere = { url: "http://127.0.0.1:9" };

/** A client of a server. By default it retries nothing. */
export function clientOf(server: { url: string }, options: Partial<ClientOptions> = {}) {
  return createClient({ apiKey, baseUrl: server.url, retry: false, ...options });
}

/** The error of this package that a call ends with; anything else fails the test. */
export async function errorOf(call: Promise<unknown>): Promise<AutoExtendError> {
  const outcome: unknown = await call.then(
    (result) => ({ result }),
    (error: unknown) => error,
  );
  if (!isAutoExtendError(outcome)) expect.fail(`No error of the package: ${JSON.stringify(outcome)}`);
  return outcome;
}
