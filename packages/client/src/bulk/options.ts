import { type Issue, issuesOf, setAutoExtend as operation, type ProxyType } from "@auto-extend/core";
import { RequestError } from "../errors.js";
import { optionNameIssues, setAutoExtendManyOptionNames } from "../option-names.js";

/** Where order ids come from: a list, a set, a generator, a stream of rows. A text alone is none. */
export type OrderIds = Iterable<string> | AsyncIterable<string>;

/** What to switch and which way, and how fast. */
export interface SetAutoExtendManyOptions {
  /** The type of all the orders' proxies; one run is about one type. */
  readonly proxyType: ProxyType;
  /** The rental period in days, a positive whole number; switching off needs it as well. */
  readonly rentPeriodDays: number;
  /** `true` switches auto-extend on, which costs money at each renewal; `false` switches it off. */
  readonly autoExtend: boolean;
  /** How many ids are taken for one chunk, 1 to 10,000; 100 where left out. */
  readonly chunkSize?: number | undefined;
  /** How many calls are under way at most; 4 where left out. */
  readonly concurrency?: number | undefined;
  /** How many requests are started in a second at most, evenly spaced; as many as go where left out. */
  readonly requestsPerSecond?: number | undefined;
  /** Stops the run: no request is started any more, those under way are finished. */
  readonly signal?: AbortSignal | undefined;
}

/** The options of a run, checked and complete. */
export interface ManyOptions {
  /** The part of each request that is the same. */
  readonly fixed: {
    readonly proxyType: ProxyType;
    readonly rentPeriodDays: number;
    readonly autoExtend: boolean;
  };
  readonly chunkSize: number;
  readonly concurrency: number;
  readonly requestsPerSecond: number | undefined;
  readonly signal: AbortSignal | undefined;
}

const largestChunk = 10_000;
/** One request in 1,000 seconds. */
const slowest = 0.001;
const fixedFields = operation.request.omit({ orderIds: true });

/**
 * Checks what a run is given, and copies its options.
 *
 * @throws RequestError with everything that is wrong.
 */
export function manyOptionsOf(orderIds: OrderIds, options: SetAutoExtendManyOptions): ManyOptions {
  const issues = sourceIssues(orderIds);
  if (typeof options !== "object" || options === null) {
    const names = setAutoExtendManyOptionNames.join(", ");
    throw new RequestError([...issues, { path: "", message: `The options must be an object with ${names}` }]);
  }
  const { chunkSize = 100, concurrency = 4, requestsPerSecond, signal } = options;
  const fixed = fixedFields.safeParse(options);
  issues.push(
    ...optionNameIssues(options, setAutoExtendManyOptionNames),
    ...(fixed.success ? [] : issuesOf(fixed.error)),
    ...unless(
      isCount(chunkSize) && chunkSize <= largestChunk,
      "chunkSize",
      `must be a whole number from 1 to ${largestChunk}`,
    ),
    ...unless(isCount(concurrency), "concurrency", "must be a whole number, 1 or more"),
    ...unless(
      requestsPerSecond === undefined || (Number.isFinite(requestsPerSecond) && requestsPerSecond >= slowest),
      "requestsPerSecond",
      `must be a number, ${slowest} or more`,
    ),
    ...unless(signal === undefined || isSignal(signal), "signal", "must be an AbortSignal"),
  );
  if (issues.length > 0 || !fixed.success) throw new RequestError(issues);
  return { fixed: fixed.data, chunkSize, concurrency, requestsPerSecond, signal };
}

function sourceIssues(orderIds: unknown): Issue[] {
  // A text would be taken for one id a letter.
  const fits =
    typeof orderIds === "object" &&
    orderIds !== null &&
    (Symbol.iterator in orderIds || Symbol.asyncIterator in orderIds);
  return unless(fits, "orderIds", 'must be a list or another iterable of order ids, such as ["11111"]');
}

function unless(fits: boolean, path: string, message: string): Issue[] {
  return fits ? [] : [{ path, message }];
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function isSignal(value: unknown): boolean {
  return typeof value === "object" && value !== null && "aborted" in value && "addEventListener" in value;
}
