import { type AutoExtendError, type BulkStop, type Client, isApiError } from "@auto-extend/client";
import { describeErrorCode, refusalScope } from "@auto-extend/core";
import { beginningOf } from "./beginning-record.js";
import { type ChunkRecord, notSentRecord, recordOf } from "./chunk-record.js";
import type { Input, InputGroup } from "./input.js";
import type { Ledger, LedgerRecord } from "./ledger.js";
import { pendingOf } from "./pending.js";
import type { RunState } from "./state.js";

/** What a run over all groups is given. */
export interface RunParts {
  readonly client: Client;
  readonly input: Input;
  /** What is known already; it is brought up to date as the run goes. */
  readonly state: RunState;
  readonly ledger: Ledger | null;
  readonly options: {
    readonly autoExtend: boolean;
    readonly chunkSize: number;
    readonly concurrency?: number | undefined;
    readonly requestsPerSecond?: number | undefined;
  };
  readonly signal: AbortSignal | undefined;
  readonly redact: (text: string) => string;
  /** Told of each chunk once it is in the ledger. */
  readonly onChunk: (record: ChunkRecord) => void;
}

/** How a run ended. */
export interface RunEnd {
  /** Why before its end: as the client tells it, or because the ledger could not be written; `null` where it did not. */
  readonly stopped: Exclude<BulkStop, "left" | "thrown"> | "ledger" | null;
  /** What the client met with, or the ledger. */
  readonly error: AutoExtendError | Error | null;
}

/**
 * Switches what is not settled yet, one group after the other. Each chunk is in the ledger before it is sent, and
 * each outcome before the run goes on: the client begins no chunk while its event is being dealt with.
 *
 * @throws what the input throws, after the requests under way.
 */
export async function runAll(parts: RunParts): Promise<RunEnd> {
  let ledgerError: Error | null = null;
  let refused: RunEnd | null = null;
  const halt = new AbortController();
  const signal = parts.signal ? AbortSignal.any([parts.signal, halt.signal]) : halt.signal;
  for (const [index, group] of parts.input.groups.entries()) {
    const end = await runGroup(index, group);
    if (ledgerError) return { stopped: "ledger", error: ledgerError };
    if (
      end.stopped === "refused" &&
      isApiError(end.error) &&
      refusalScope(describeErrorCode(end.error.code).about) === "same-group"
    )
      refused ??= end;
    else if (end.stopped !== null) return end;
  }
  return refused ?? { stopped: null, error: null };

  async function runGroup(index: number, group: InputGroup): Promise<RunEnd> {
    const { client, state, options, redact, onChunk } = parts;
    const { proxyType, rentPeriodDays } = group;
    const outcomes = state.outcomes[index];
    if (!outcomes) throw new RangeError("a group without outcomes");
    const pending = pendingOf(group, {
      ...{ outcomes, chunkSize: options.chunkSize },
      begin: (taken) => write(beginningOf(index, taken)),
    });
    const run = client.setAutoExtendMany(pending.ids(), { proxyType, rentPeriodDays, ...options, signal });
    for await (const chunk of run) {
      const record = recordOf(chunk, { group: index, taken: pending.takenBy(chunk), redact });
      state.take(record);
      await write(record);
      onChunk(record);
    }
    const left = await pending.left();
    if (left.length > 0) await write(notSentRecord(index, left));
    const { stopped, error } = run.summary();
    return { stopped: stopped as RunEnd["stopped"], error };
  }
  /** Writes a line into the ledger, where there is one. Where that fails, the run stops. */
  async function write(record: LedgerRecord): Promise<boolean> {
    try {
      if (!ledgerError) await parts.ledger?.append(record);
    } catch (error) {
      // What is under way is still to be heard of, so that the account is right.
      ledgerError = error as Error;
      halt.abort();
    }
    return ledgerError === null;
  }
}
