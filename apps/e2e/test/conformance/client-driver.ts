import { inspect } from "node:util";
import {
  type ClientOptions,
  createClient,
  isAutoExtendError,
  type SetAutoExtendInput,
} from "@auto-extend/client";
import type { ClientCase, Outcome, Reach } from "@auto-extend/contract-tests";

/** Calls our client for a case; everything it can be made to show goes with the outcome. */
export async function driveClient({ request, script }: ClientCase, reach: Reach): Promise<Outcome> {
  const events: unknown[] = [];
  const options: ClientOptions = {
    ...reach,
    timeout: timeoutFor(script),
    retry: { attempts: 2, delay: 1 },
    onEvent: (event) => events.push(event),
  };
  try {
    // Some cases hand in what the types forbid, as callers in plain JavaScript do.
    const answer = await createClient(options).setAutoExtend(request as SetAutoExtendInput);
    return { outcome: "success", answer, shown: shown(events) };
  } catch (error) {
    if (!isAutoExtendError(error)) throw error;
    const { name, effect } = error;
    return { outcome: "error", error: name, effect, ...details(error), shown: shown([error, events]) };
  }
}

/** Short where the case is about waiting in vain, in milliseconds; long elsewhere, so that a busy machine fails nothing. */
export function timeoutFor(script: ClientCase["script"]): number {
  return script.some((answer) => "lose" in answer && /hang|stall/.test(answer.lose)) ? 500 : 5_000;
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
