import * as contract from "@auto-extend/core";
import type { OrderIds, SetAutoExtendManyOptions } from "./bulk/options.js";
import { type SetAutoExtendManyRun, setAutoExtendMany } from "./bulk/run.js";
import { call } from "./call/call.js";
import type { Success } from "./call/classify.js";
import { endpointOf } from "./call/outgoing.js";
import { RequestError } from "./errors.js";
import {
  aSignal,
  type ClientOptions,
  optionIssues,
  readClientOptions,
  requireObject,
  type Settings,
} from "./options.js";
import type { CallOptions, ListIpAddressesResult, OperationMethods } from "./types.js";

/** A client of the provider's API. Its errors and events do not contain the API key; a key under 8 characters is redacted in URLs only. */
export interface Client extends OperationMethods {
  /**
   * Switches auto-extend on or off for any number of orders, in chunks. A chunk that is refused because of some of
   * its orders is halved until they are found, and the others are switched. Type and period of each order are looked up unless
   * the options give them.
   *
   * Nothing is sent until `await run.finish()` or `for await (const event of run)`. Errors of calls are in events and summary.
   *
   * @throws RequestError with everything that is wrong with the options.
   */
  setAutoExtendMany(orderIds: OrderIds, options: SetAutoExtendManyOptions): SetAutoExtendManyRun;
}

/** Creates a client, which sends nothing by itself and need not be closed. It throws a RequestError with all that is wrong. */
export function createClient(options: ClientOptions): Client {
  const settings = readClientOptions(options);
  const list = listMethod(settings);
  const methods = contract.operations.map((operation) => [operation.id, methodOf(operation, settings)]);
  return {
    ...(Object.fromEntries(methods) as Methods),
    listIpAddresses: list,
    setAutoExtendMany: (orderIds, options) => setAutoExtendMany(orderIds, options, { settings, list }),
  } satisfies { readonly [Method in keyof Client | contract.OperationId]: Client[Method] };
}

type Registered = (typeof contract.operations)[number];
/** An operation without fields in its request needs none. */
type Method<O extends contract.Operation> = keyof O["request"]["shape"] extends never
  ? (options?: CallOptions) => Promise<contract.Accepted<O>>
  : (request: unknown, options?: CallOptions) => Promise<contract.Accepted<O>>;
/** The methods that return the provider's answer as received. */
type Methods = { readonly [O in Registered as O["id"]]: Method<O> };

function methodOf(operation: contract.Operation, settings: Settings) {
  const endpoint = endpointOf(operation, settings);
  const send = async (request: unknown, options?: CallOptions) => {
    const { body } = await call(endpoint, request, { signal: signalOf(options, callRules) });
    return body;
  };
  const hasFields = Object.keys(operation.request.shape).length > 0;
  return hasFields ? send : (options?: CallOptions) => send({}, options);
}

function listMethod(settings: Settings): Client["listIpAddresses"] {
  const endpoint = endpointOf(contract.listIpAddresses, settings);
  return async (request = {}, options = {}) => {
    const signal = signalOf(options, listRules);
    const success = await call(endpoint, request, { signal });
    // Only the value `true` lets credentials out.
    return readList(settings, success, {
      requested: request.proxyType,
      withCredentials: options.credentials === true,
    });
  };
}

const callRules = { signal: aSignal };
const listRules = { ...callRules, credentials: null };

/** The signal of a call. It throws a RequestError if an option is not valid. */
function signalOf<Options extends CallOptions>(
  options: Options | undefined,
  rules: Parameters<typeof optionIssues<Options>>[1],
): CallOptions["signal"] {
  if (options === undefined) return undefined;
  requireObject(options, "{ signal }");
  const issues = optionIssues(options, rules);
  if (issues.length > 0) throw new RequestError(issues);
  return options.signal;
}

/** Finds the orders in the answer to {@link Client.listIpAddresses}. */
function readList(
  { redact }: Settings,
  { body: answer, status, headers }: Success<typeof contract.listIpAddresses>,
  { requested, withCredentials }: { requested?: contract.ProxyType | undefined; withCredentials: boolean },
): ListIpAddressesResult {
  const { orders, issues, unreadCount, isComplete, announced } = contract.readIpAddressList(
    answer,
    headers,
    requested,
  );
  // The paths hold names of fields from the answer, the messages nothing of it but numbers.
  const shown = ({ path, message }: contract.Issue): contract.Issue => ({
    path: contract.foreignText(path, redact),
    message,
  });
  const isPartial = status === 206;
  let shownAnswer = withCredentials ? answer : null;
  return {
    orders,
    isComplete: isComplete && !isPartial,
    announced: announced
      .map(({ part, path, message }) =>
        shown({ path: part === "headers" ? `headers.${path}` : path, message }),
      )
      .concat(isPartial ? { path: "status", message: "is 206: only a part" } : []),
    unread: issues.map(shown),
    unreadCount,
    // The copy takes more time and memory than all the rest, and few callers look at it.
    get answer() {
      shownAnswer ??= contract.withoutCredentials(answer) as typeof answer;
      return shownAnswer;
    },
  };
}
