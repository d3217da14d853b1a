import {
  checkAnswer,
  type Finding,
  formatIssues,
  issuesOf,
  setAutoExtend as operation,
  refusalScope,
  setAutoExtendByIpAddress,
  undoneMessage,
} from "@auto-extend/core";
import type { Success } from "../call/classify.js";
import { ApiError, AutoExtendError, transportOf } from "../errors.js";
import type { Settings } from "../options.js";
import type { BulkChunk } from "./events.js";
import type { OrderLookup, SendableOrder } from "./lookup.js";
import type { ManyOptions } from "./options.js";
import type { ChunkGroup, Send } from "./send.js";

/** A chunk whose outcome is still being recorded. */
export type OpenChunk = {
  -readonly [Field in keyof BulkChunk]: BulkChunk[Field] extends readonly (infer Item)[]
    ? Item[]
    : BulkChunk[Field];
};

/** Why an error of one call stops more than the call: all calls with the same type and period, or the whole run. */
export type StopScope = "group" | "refused" | "failed";

interface ChunkContext {
  /** `null` if the orders cannot be sent, since their type or period is not known. */
  readonly group: ChunkGroup | null;
  readonly lookup: OrderLookup | null;
  readonly beforeChunk: ManyOptions["beforeChunk"];
  readonly ipAddressesOf: ManyOptions["ipAddressesOf"];
  readonly send: (orderIds: readonly string[]) => ReturnType<Send>;
  readonly settings: Settings;
  readonly isStopped: () => boolean;
  readonly stop: (scope: StopScope, error: AutoExtendError) => void;
}

const orderId = operation.request.shape.orderIds.element;

export function openChunk(index: number, given: number, group: ChunkGroup | null): OpenChunk {
  return {
    type: "chunk",
    index,
    proxyType: group?.proxyType ?? null,
    rentPeriodDays: group?.rentPeriodDays ?? null,
    given,
    duplicates: 0,
    changed: [],
    unconfirmed: [],
    refused: [],
    unknown: [],
    notTried: [],
    unsent: [],
    assumedPeriod: [],
    quantity: 0,
    answers: [],
    calls: 0,
  };
}

export async function processChunk(
  chunk: OpenChunk,
  ids: readonly string[],
  context: ChunkContext,
): Promise<void> {
  const { group, beforeChunk, send, isStopped } = context;
  const sendable = sortOut(ids, chunk, context);
  if (sendable.length === 0) return;
  if (group === null || isStopped()) {
    chunk.notTried.push(...sendable);
    return;
  }
  try {
    await beforeChunk?.(sendable, { index: chunk.index, ...group });
  } catch (thrown) {
    chunk.notTried.push(...sendable);
    throw thrown;
  }
  await offer(sendable);

  /** Sends orders together, and finds out which of them are refused. Returns whether the call succeeded. */
  async function offer(orderIds: readonly string[]): Promise<boolean> {
    const answer = await send(orderIds);
    if (answer === null) {
      chunk.notTried.push(...orderIds);
      return false;
    }
    if (answer instanceof AutoExtendError) {
      chunk.calls += Math.sign(answer.attempts);
      await recordFailure(orderIds, answer);
      return false;
    }
    chunk.calls++;
    recordSuccess(chunk, orderIds, answer, context);
    return true;
  }

  async function recordFailure(orderIds: readonly string[], error: AutoExtendError): Promise<void> {
    const meaning = meaningOf(error, context.settings.retry.maxRetryAfter);
    if (meaning.stop !== null) context.stop(meaning.stop, error);
    if (meaning.orders === "one-of-them") await narrow(orderIds, error as ApiError);
    else if (meaning.orders === "refused") refuse(orderIds, error as ApiError);
    else if (meaning.orders === "not-tried") chunk.notTried.push(...orderIds);
    else chunk.unknown.push(...orderIds.map((each) => ({ orderId: each, error })));
  }

  /**
   * Halves orders that are refused together: k refused orders among n cost at most 2k * ceil(log2 n) more calls, since a
   * second half is not sent whole if the first one succeeds. No order is blamed before it was sent by itself.
   */
  async function narrow(orderIds: readonly string[], refusal: ApiError): Promise<void> {
    if (orderIds.length === 1) return refuse(orderIds, refusal);
    const middle = Math.ceil(orderIds.length / 2);
    const second = orderIds.slice(middle);
    const isTheirs = await offer(orderIds.slice(0, middle));
    if (isTheirs && second.length > 1) await narrow(second, refusal);
    else await offer(second);
  }

  function refuse(orderIds: readonly string[], error: ApiError): void {
    const { code, providerMessage: message } = error;
    chunk.refused.push(...orderIds.map((each) => ({ orderId: each, code, message, error })));
  }
}

/** Finds the IDs that can be sent, and records the others. */
function sortOut(ids: readonly string[], chunk: OpenChunk, { lookup }: ChunkContext): string[] {
  const distinct = new Set(ids);
  chunk.duplicates = ids.length - distinct.size;
  return [...distinct].filter((id) => {
    const parsed = orderId.safeParse(id);
    if (!parsed.success) {
      chunk.refused.push({
        orderId: id,
        code: null,
        message: formatIssues(issuesOf(parsed.error)),
        error: null,
      });
      return false;
    }
    const order = lookup?.(id);
    if (order === undefined) return true;
    if ("reason" in order) {
      chunk.unsent.push(order);
      return false;
    }
    if (order.isAssumed) chunk.assumedPeriod.push(id);
    return true;
  });
}

/**
 * A quantity below the number of orders, a reported failure, or a status such as 202 Accepted: some orders may not be
 * switched, without saying which.
 */
function recordSuccess(
  chunk: OpenChunk,
  orderIds: readonly string[],
  success: Success<typeof operation>,
  context: ChunkContext,
): void {
  const { body, status, findings } = success;
  chunk.quantity += body.quantity;
  chunk.answers.push(body);
  const finding =
    findings.find(
      ({ part, path, message }) =>
        (part === "status" && status > 201) || path === "quantity" || message === undoneMessage,
    ) ?? otherAddresses(orderIds, success, context);
  if (finding === undefined) chunk.changed.push(...orderIds);
  else chunk.unconfirmed.push(...orderIds.map((each) => ({ orderId: each, finding })));
}

/** How the answer's IP addresses differ from those of the orders, as if they had been requested one by one. */
function otherAddresses(
  orderIds: readonly string[],
  success: Success<typeof operation>,
  { ipAddressesOf, lookup, settings: { redact } }: ChunkContext,
): Finding | undefined {
  const { body } = success;
  const known = orderIds.map((id) => {
    const listed = (lookup?.(id) as SendableOrder | undefined)?.ipAddresses;
    return ipAddressesOf?.(id) ?? listed?.map(({ ipAddressId }) => ipAddressId);
  });
  if (known.includes(undefined)) return undefined;
  const exchange = { ...success, body: { json: body }, request: { ...body, ipAddressIds: known.flat() } };
  return checkAnswer(setAutoExtendByIpAddress, exchange, { redact, level: "accepts" })[0];
}

/** The meaning of an error of one call for its orders and for the run. */
interface Meaning {
  /** `one-of-them`: at least one of the orders is refused, and the answer does not say which. */
  readonly orders: "refused" | "one-of-them" | "unknown" | "not-tried";
  /** `null` if the run continues. */
  readonly stop: StopScope | null;
}

/** Reads an error of one call. The status and the pause that the server asks for count as much as the body. */
function meaningOf(error: AutoExtendError, maxRetryAfter: number): Meaning {
  const { status, retryAfter } = transportOf(error);
  const isLongPause = retryAfter !== null && retryAfter > maxRetryAfter;
  const stop = isLongPause || status === 429 ? "failed" : null;
  if (error.effect !== "none") return { orders: "unknown", stop };
  // Not reached, not let in, not found, rate limited: the next call would fail as well.
  if (!(error instanceof ApiError) || status === 429) return { orders: "not-tried", stop: "failed" };
  const scope = refusalScope(error.description.about);
  if (scope === "some-orders") return { orders: "one-of-them", stop };
  if (scope === "every-call") return { orders: "refused", stop: "refused" };
  return { orders: "refused", stop: scope === "same-group" ? (stop ?? "group") : stop };
}
