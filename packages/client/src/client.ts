import type { OrderIds, SetAutoExtendManyOptions } from "./bulk/options.js";
import { type SetAutoExtendManyRun, setAutoExtendMany } from "./bulk/run.js";
import { RequestError } from "./errors.js";
import {
  type SetAutoExtendInput,
  type SetAutoExtendResult,
  setAutoExtend,
} from "./operations/set-auto-extend.js";
import { callOptionNames, optionNameIssues } from "./option-names.js";
import type { ClientOptions } from "./options.js";
import { settingsOf } from "./settings.js";

/** What may be said of one call. */
export interface CallOptions {
  /** Aborts the call in every phase, pauses included; it then rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A client of the provider's API, one method for each operation. Nothing of it shows the API key. */
export interface Client {
  /**
   * Switches auto-extend on or off for every IP address of the given orders.
   *
   * @returns the provider's answer as it came, checked against the request. Unknown fields pass through.
   * @throws AutoExtendError whose `effect` says whether anything was changed, or the signal's reason after an abort.
   */
  setAutoExtend(request: SetAutoExtendInput, options?: CallOptions): Promise<SetAutoExtendResult>;
  /**
   * Switches auto-extend on or off for any number of orders of one proxy type, in chunks. Orders that the provider
   * refuses are found by halving, and the others go through.
   *
   * Nothing is sent until the run is iterated: `for await (const event of run) {...}`. Errors of single calls are told
   * of in its events and its account, and not thrown.
   *
   * @throws RequestError where an option is wrong, with all that is.
   */
  setAutoExtendMany(orderIds: OrderIds, options: SetAutoExtendManyOptions): SetAutoExtendManyRun;
}

/**
 * Makes a client. It sends nothing by itself and holds no connection, so it needs no closing.
 *
 * @throws RequestError where an option is wrong, with all that is.
 */
export function createClient(options: ClientOptions): Client {
  const settings = settingsOf(options);
  return Object.freeze({
    setAutoExtend: async (request, options = {}) =>
      setAutoExtend(request, { settings, signal: signalOf(options) }),
    setAutoExtendMany: (orderIds, options) => setAutoExtendMany(orderIds, options, settings),
  } satisfies Client);
}

function signalOf(options: CallOptions): AbortSignal | undefined {
  const issues = optionNameIssues(options, callOptionNames);
  if (issues.length > 0) throw new RequestError(issues);
  return options.signal;
}
