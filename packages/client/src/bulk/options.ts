import { type Issue, issuesOf, setAutoExtend as operation, type ProxyType } from "@auto-extend/core";
import { RequestError } from "../errors.js";
import { aCount, aFunction, aSignal, isCount, optionIssues, requireObject } from "../options.js";

/** A source of order ids: a list, a set, a generator, a stream of rows. A string is not accepted. */
export type OrderIds = Iterable<string> | AsyncIterable<string>;

/** Which way to switch, how fast, and what to check. */
export interface SetAutoExtendManyOptions {
  /** `true` switches auto-extend on, which costs money at each renewal; `false` switches it off. */
  readonly autoExtend: boolean;
  /** The proxy type of all orders (default: looked up for each order in the list of IP addresses). */
  readonly proxyType?: ProxyType | undefined;
  /** The rental period in days (default: looked up for each order, even to switch off). */
  readonly rentPeriodDays?: number | undefined;
  /** How many IDs a chunk has, 1 to 10,000 (default: 100). */
  readonly chunkSize?: number | undefined;
  /** Maximum concurrent calls (default: 4). */
  readonly concurrency?: number | undefined;
  /** Maximum requests started per second, evenly spaced, retries included (default: unlimited). */
  readonly requestsPerSecond?: number | undefined;
  /** Called and awaited before a chunk is sent, with its IDs and a {@link ChunkInfo}. If it throws, the run stops and throws the error. */
  readonly beforeChunk?: ((orderIds: readonly string[], chunk: ChunkInfo) => unknown) | undefined;
  /**
   * The IDs of an order's IP addresses, `undefined` if they are not known (default: as in the list, if that is looked up). A
   * success that counts or names others leaves its orders unconfirmed.
   */
  readonly ipAddressesOf?: ((orderId: string) => readonly string[] | undefined) | undefined;
  /** Whether to read the list at the end and check the sent orders, whose IDs are kept for that (default: false). */
  readonly readBack?: boolean | undefined;
  /** Stops the run: no further request is started, retries included, and those under way are finished. */
  readonly signal?: AbortSignal | undefined;
}

/** The number of a chunk, and what its request has besides the order IDs. */
export interface ChunkInfo {
  /** The number of the chunk, as in its event. */
  readonly index: number;
  readonly proxyType: ProxyType;
  readonly rentPeriodDays: number;
}

export type ManyOptions = ReturnType<typeof readManyOptions>;

const largestChunk = 10_000;

const rules: Parameters<typeof optionIssues<SetAutoExtendManyOptions>>[1] = {
  autoExtend: null,
  proxyType: null,
  rentPeriodDays: null,
  chunkSize: [
    (size) => isCount(size) && Number(size) <= largestChunk,
    `must be a whole number from 1 to ${largestChunk}`,
  ],
  concurrency: aCount,
  requestsPerSecond: [(rate) => Number.isFinite(rate) && Number(rate) > 0, "must be a number above 0"],
  beforeChunk: aFunction,
  ipAddressesOf: aFunction,
  readBack: [(value) => typeof value === "boolean", "must be true or false"],
  signal: aSignal,
};

const requestFields = operation.request
  .omit({ orderIds: true })
  .partial({ proxyType: true, rentPeriodDays: true });

/** Checks and copies the arguments of a run. It throws a RequestError with everything that is wrong. */
export function readManyOptions(orderIds: OrderIds, options: SetAutoExtendManyOptions) {
  const issues = sourceIssues(orderIds);
  requireObject(options, "setAutoExtendMany(orderIds, { autoExtend })");
  const {
    chunkSize = 100,
    concurrency = 4,
    readBack = false,
    requestsPerSecond,
    beforeChunk,
    ipAddressesOf,
    signal,
  } = options;
  const fields = requestFields.safeParse(options);
  issues.push(...optionIssues(options, rules), ...(fields.success ? [] : issuesOf(fields.error)));
  if (issues.length > 0 || !fields.success) throw new RequestError(issues);
  return {
    ...fields.data,
    chunkSize,
    concurrency,
    requestsPerSecond,
    beforeChunk,
    ipAddressesOf,
    readBack,
    signal,
  };
}

function sourceIssues(orderIds: unknown): Issue[] {
  // A string would be taken for one ID per character.
  const fits =
    typeof orderIds === "object" &&
    orderIds !== null &&
    (Symbol.iterator in orderIds || Symbol.asyncIterator in orderIds);
  const message = 'must be an iterable of order IDs, such as ["11111"]';
  return fits ? [] : [{ path: "orderIds", message }];
}
