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
import type { ClientCase, OperationDriver, Outcome, Reach } from "./index.js";

// Some cases hand in what the types forbid, as callers in plain JavaScript do.
/** Calls our client, one method for each operation; everything it can be made to show goes with the outcome. */
export const clientDriver = {
  setAutoExtend: driving((client, request) => client.setAutoExtend(request as SetAutoExtendInput)),
  setAutoExtendByIpAddress: driving((client, request) =>
    client.setAutoExtendByIpAddress(request as SetAutoExtendByIpAddressInput),
  ),
  listIpAddresses: driving(
    async (client, request) => (await client.listIpAddresses(request as ListIpAddressesInput)).answer,
  ),
  priceExtension: driving((client, request) => client.priceExtension(request as PriceExtensionInput)),
  priceExtensionByIpAddress: driving((client, request) =>
    client.priceExtensionByIpAddress(request as PriceExtensionByIpAddressInput),
  ),
  getRentPeriods: driving((client, request) => client.getRentPeriods(request as RentPeriodsInput)),
  getBalance: driving((client) => client.getBalance()),
} as const;

/** Calls the method of our client that a case is about. */
export function driveClient(clientCase: ClientCase, reach: Reach): Promise<Outcome> {
  return clientDriver[clientCase.operation as keyof typeof clientDriver](clientCase, reach);
}

function driving(call: (client: Client, request: unknown) => Promise<unknown>): OperationDriver {
  return async ({ request, script }, reach) => {
    const events: unknown[] = [];
    const options: ClientOptions = {
      ...reach,
      timeout: timeoutFor(script),
      retry: { attempts: 2, delay: 1 },
      onEvent: (event) => events.push(event),
    };
    try {
      const answer = await call(createClient(options), request);
      return { outcome: "success", answer, shown: shown(events) };
    } catch (error) {
      if (!isAutoExtendError(error)) throw error;
      const { name, effect } = error;
      return { outcome: "error", error: name, effect, ...details(error), shown: shown([error, events]) };
    }
  };
}

/**
 * Short where the case is about waiting in vain, in milliseconds; long where an answer is to come, so that a busy machine
 * fails nothing.
 */
export function timeoutFor(script: ClientCase["script"]): number {
  const inVain = script.filter((answer) => "lose" in answer && /hang|stall/.test(answer.lose));
  if (inVain.length === script.length) return 100;
  return inVain.length > 0 ? 500 : 5_000;
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
