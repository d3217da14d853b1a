import { inspect } from "node:util";
import {
  type Client,
  type ClientOptions,
  createClient,
  isAutoExtendError,
  type ListIpAddressesInput,
  type PriceExtensionByIpAddressInput,
  type PriceExtensionInput,
  type RentPeriodsInput,
  type SetAutoExtendByIpAddressInput,
  type SetAutoExtendInput,
} from "@auto-extend/client";
import type { OperationId } from "@auto-extend/core";
import type { Script } from "./case.js";
import type { Driver } from "./run-cases.js";

/** Calls our client for a case. Everything that it can be made to show goes with the outcome. */
export const driveClient: Driver = async ({ operation, request, script }, connection) => {
  const events: unknown[] = [];
  const options: ClientOptions = {
    ...connection,
    timeout: timeoutFor(script),
    retry: { attempts: 2, delay: 1 },
    onEvent: (event) => events.push(event),
  };
  try {
    const answer = await calls[operation](createClient(options), request);
    return { outcome: "success", answer, shown: shown(events) };
  } catch (error) {
    if (!isAutoExtendError(error)) throw error;
    const { name, effect } = error;
    return { outcome: "error", error: name, effect, ...details(error), shown: shown([error, events]) };
  }
};

/** The method of each operation. Some cases pass what the types forbid, as callers in plain JavaScript do. */
const calls: Readonly<Record<OperationId, (client: Client, request: unknown) => Promise<unknown>>> = {
  setAutoExtend: (client, request) => client.setAutoExtend(request as SetAutoExtendInput),
  setAutoExtendByIpAddress: (client, request) =>
    client.setAutoExtendByIpAddress(request as SetAutoExtendByIpAddressInput),
  listIpAddresses: async (client, request) =>
    (await client.listIpAddresses(request as ListIpAddressesInput)).answer,
  priceExtension: (client, request) => client.priceExtension(request as PriceExtensionInput),
  priceExtensionByIpAddress: (client, request) =>
    client.priceExtensionByIpAddress(request as PriceExtensionByIpAddressInput),
  getRentPeriods: (client, request) => client.getRentPeriods(request as RentPeriodsInput),
  getBalance: (client) => client.getBalance(),
};

/**
 * How long a client waits for an answer, in milliseconds: briefly if none arrives, and long if one does, so that no case
 * fails on a busy machine.
 */
export function timeoutFor(script: Script): number {
  const inVain = script.filter((answer) => "lose" in answer && /hang|stall/.test(answer.lose));
  if (inVain.length === script.length) return 100;
  return inVain.length > 0 ? 5_000 : 55_000;
}

function details(error: object): { code?: number; message?: string; status?: number } {
  return {
    ...("code" in error && typeof error.code === "number" ? { code: error.code } : {}),
    ...("providerMessage" in error ? { message: String(error.providerMessage) } : {}),
    ...("status" in error && typeof error.status === "number" ? { status: error.status } : {}),
  };
}

function shown(value: unknown): string {
  return inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true }) + JSON.stringify(value);
}
