import { setAutoExtend as operation } from "@auto-extend/core";
import { type ApiError, AutoExtendError } from "../errors.js";
import type { BulkChunk, BulkRefusal, BulkUnknown } from "./events.js";
import { meaningOf } from "./meaning.js";
import type { Send } from "./send.js";

/** A chunk that is being worked on. */
export interface OpenChunk extends BulkChunk {
  duplicates: number;
  readonly changed: string[];
  readonly refused: BulkRefusal[];
  readonly unknown: BulkUnknown[];
  readonly notTried: string[];
  quantity: number;
  calls: number;
}

/** What {@link settle} needs beside the ids. */
interface ChunkContext {
  readonly send: Send;
  readonly maxRetryAfter: number;
  /** Stops the run. */
  readonly stop: (why: "refused" | "failed", error: AutoExtendError) => void;
}

const orderId = operation.request.shape.orderIds.element;

/** Begins the account of a chunk. */
export function openChunk(index: number, given: number): OpenChunk {
  return {
    type: "chunk",
    index,
    given,
    duplicates: 0,
    changed: [],
    refused: [],
    unknown: [],
    notTried: [],
    quantity: 0,
    calls: 0,
  };
}

/** Switches the orders of a chunk, and writes down what became of each. */
export async function settle(
  chunk: OpenChunk,
  ids: readonly string[],
  { send, maxRetryAfter, stop }: ChunkContext,
): Promise<void> {
  const valid = sortOut(ids, chunk);
  if (valid.length > 0) await offer(valid);

  /** Sends orders together, and finds out which of them are refused. Tells whether all were switched. */
  async function offer(orderIds: readonly string[]): Promise<boolean> {
    const answer = await send(orderIds);
    if (answer === null) {
      chunk.notTried.push(...orderIds);
      return false;
    }
    chunk.calls++;
    if (!(answer instanceof AutoExtendError)) {
      chunk.changed.push(...orderIds);
      chunk.quantity += answer.quantity;
      return true;
    }
    const meaning = meaningOf(answer, maxRetryAfter);
    if (meaning.stop !== null) stop(meaning.stop, answer);
    if (meaning.orders === "one-of-them") await narrow(orderIds, answer as ApiError);
    else if (meaning.orders === "refused") refuse(orderIds, answer as ApiError);
    else if (meaning.orders === "notTried") chunk.notTried.push(...orderIds);
    else chunk.unknown.push(...orderIds.map((orderId) => ({ orderId, error: answer })));
    return false;
  }

  /**
   * Halves orders that are known to be refused together. Where the first half goes through, the refusal is about the
   * second, which need not be sent whole to learn it: so k refused orders among n cost 2k * ceil(log2 n) calls at most.
   * A single order is always sent, for a refusal that passes must not be blamed on it.
   */
  async function narrow(orderIds: readonly string[], refusal: ApiError): Promise<void> {
    if (orderIds.length === 1) return refuse(orderIds, refusal);
    const middle = Math.ceil(orderIds.length / 2);
    const second = orderIds.slice(middle);
    const isTheirs = await offer(orderIds.slice(0, middle));
    if (isTheirs && second.length > 1) await narrow(second, refusal);
    else await offer(second);
  }

  function refuse(orderIds: readonly string[], { code, providerMessage: message }: ApiError): void {
    chunk.refused.push(...orderIds.map((orderId) => ({ orderId, code, message })));
  }
}

/** The ids that can be sent; the others are written down. */
function sortOut(ids: readonly string[], chunk: OpenChunk): string[] {
  const distinct = new Set(ids);
  chunk.duplicates = ids.length - distinct.size;
  return [...distinct].filter((id) => {
    const parsed = orderId.safeParse(id);
    if (parsed.success) return true;
    const message = parsed.error.issues.map((issue) => issue.message).join("; ");
    chunk.refused.push({ orderId: id, code: null, message });
    return false;
  });
}
