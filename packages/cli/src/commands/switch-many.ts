import { readApiKey } from "../api-key.js";
import { type LedgerOptions, openBookkeeping } from "../bulk/bookkeeping.js";
import { checkChunks, defaultChunkSize } from "../bulk/chunk-size.js";
import { dryRunMany } from "../bulk/dry-run.js";
import { type Earlier, earlierOf } from "../bulk/earlier.js";
import { checkFiles } from "../bulk/file-options.js";
import { type Input, readInput } from "../bulk/input.js";
import type { Ledger } from "../bulk/ledger.js";
import type { LedgerHeader } from "../bulk/ledger-header.js";
import { pendingGroups, tellGroups } from "../bulk/pending-groups.js";
import { createProgress } from "../bulk/progress.js";
import { reportRun } from "../bulk/report.js";
import { type RunEnd, runAll } from "../bulk/run.js";
import { createRunState, type RunState } from "../bulk/state.js";
import { describeEvent } from "../client-events.js";
import { type Connection, connectionOf } from "../connection.js";
import { confirmSwitchingManyOn } from "../consent.js";
import type { Context } from "../context.js";
import { fileWriter } from "../file-writer.js";
import { nameOfFile } from "../files.js";
import type { Outcome } from "../invocation.js";
import { switchClient } from "../switch-client.js";
import { version } from "../version.js";
import type { SwitchInput } from "./switch.js";

/** The options of `on` and `off` that go with a file. */
export interface BulkOptions extends LedgerOptions {
  /** Where what failed is written. */
  readonly failures?: string;
  /** How many order ids make a chunk. */
  readonly chunkSize?: number;
  /** How many calls are under way at most. */
  readonly concurrency?: number;
  /** How many requests are started in a second at most. */
  readonly rate?: number;
}

/** What `on` and `off` are given where there is a file. */
export interface SwitchManyInput extends SwitchInput, BulkOptions {
  /** More order ids, one a line or CSV; `-` is stdin. */
  readonly file: string;
}

/** Switches auto-extend of any number of orders, in chunks, or tells what would be sent. */
export async function switchMany(context: Context, input: SwitchManyInput): Promise<Outcome> {
  checkFiles({ ...input, apiKeyFile: context.options.apiKeyFile });
  const connection = await connectionOf(context);
  const apiKey = input.dryRun ? "left-out" : await readApiKey(context);
  const orders = await readInput(context, input);
  try {
    return await switchInput(context, { input, orders, connection, apiKey });
  } finally {
    await orders.close();
  }
}

interface Prepared {
  readonly input: SwitchManyInput;
  readonly orders: Input;
  readonly connection: Connection;
  readonly apiKey: string;
}

async function switchInput(context: Context, prepared: Prepared): Promise<Outcome> {
  const { input, orders, connection, apiKey } = prepared;
  const { autoExtend, chunkSize = defaultChunkSize } = input;
  const { host, transport } = connection;
  checkChunks(orders, chunkSize);
  const failures =
    input.failures === undefined
      ? null
      : { file: input.failures, write: await fileWriter(input.failures, "--failures") };
  const client = switchClient({
    transport,
    apiKey,
    onEvent: (event) => context.options.verbose && context.talk(describeEvent(event)),
  });
  context.reach(host);
  const isEmpty = orders.given === 0;
  const state = createRunState(orders.groups);
  const header = headerOf(prepared, chunkSize);
  const books = await openBookkeeping(input, { header, state });
  try {
    if (isEmpty) context.note(`There is no order id in ${nameOfFile(input.file)}: nothing to do.`);
    if (input.dryRun) {
      return await dryRunMany(context, {
        input: orders,
        state,
        chunkSize,
        autoExtend,
        baseUrl: transport.baseUrl,
      });
    }
    const earlier = earlierOf(state, { given: orders.given, at: books.earlier });
    const groups = pendingGroups(orders, state);
    // The question names the groups, too.
    if (autoExtend && !input.yes && groups.length > 0)
      await confirmSwitchingManyOn(context, { groups, host });
    else tellGroups(context, { groups, autoExtend });
    context.io.signal?.throwIfAborted();
    const ledger = isEmpty ? null : await books.begin();
    const end = await carryOut(context, { input, orders, state, ledger, client, earlier, chunkSize });
    return await reportRun(context, {
      ...{ input: orders, state, end, autoExtend, earlier, failures },
      ledger: isEmpty ? null : books.file,
    });
  } finally {
    await books.close();
  }
}

interface Begun extends Pick<Prepared, "input" | "orders"> {
  readonly state: RunState;
  readonly ledger: Ledger | null;
  readonly client: ReturnType<typeof switchClient>;
  readonly earlier: Earlier;
  readonly chunkSize: number;
}

async function carryOut(context: Context, begun: Begun): Promise<RunEnd> {
  const { input, orders, state, ledger, client, earlier, chunkSize } = begun;
  const { io, options } = context;
  const progress = createProgress({
    sink: io.stderr,
    talk: context.talk,
    // Between lines of other talk, a bar would be torn.
    bar: io.stderr.isTTY === true && io.env.TERM !== "dumb" && options.verbose !== true,
    total: orders.given,
    before: earlier.settled,
    now: () => performance.now(),
  });
  const tellOfInterruption = () => {
    progress.clear();
    context.talk(
      "Interrupted: no more is sent, and what is under way is finished. Once more ends it at once.",
    );
  };
  io.signal?.addEventListener("abort", tellOfInterruption);
  // Should the program itself fail on the way, nobody knows what was done.
  context.track("unknown");
  let { settled: done, failed } = earlier;
  try {
    return await runAll({
      ...{ client, input: orders, state, ledger, signal: io.signal, redact: context.redact },
      options: {
        ...{ autoExtend: input.autoExtend, chunkSize },
        ...{ concurrency: input.concurrency, requestsPerSecond: input.rate },
      },
      onChunk({ changed, refused, unknown, duplicates }) {
        const failedNow = refused.length + unknown.length;
        const doneNow = changed.length + failedNow + duplicates.length;
        if (doneNow === 0) return;
        done += doneNow;
        failed += failedNow;
        progress.show({ done, failed });
      },
    });
  } finally {
    progress.clear();
    io.signal?.removeEventListener("abort", tellOfInterruption);
  }
}

function headerOf({ input, orders, connection }: Prepared, chunkSize: number): LedgerHeader {
  const { autoExtend } = input;
  return {
    ledger: 1,
    at: new Date().toISOString(),
    version,
    command: autoExtend ? "on" : "off",
    autoExtend,
    host: connection.host,
    digest: orders.digest,
    given: orders.given,
    chunkSize,
    groups: orders.groups.map(({ proxyType, rentPeriodDays, count }) => ({
      proxyType,
      rentPeriodDays,
      count,
    })),
  };
}
