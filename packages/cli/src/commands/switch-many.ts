import { readApiKey } from "../api-key.js";
import { type LedgerOptions, openBookkeeping } from "../bulk/bookkeeping.js";
import { checkChunks, defaultChunkSize } from "../bulk/chunk-size.js";
import { dryRunMany } from "../bulk/dry-run.js";
import { nameOfGroup } from "../bulk/groups.js";
import { type Input, readInput } from "../bulk/input.js";
import type { Ledger, LedgerHeader } from "../bulk/ledger.js";
import { createProgress } from "../bulk/progress.js";
import { reportRun } from "../bulk/report.js";
import { type RunEnd, runAll } from "../bulk/run.js";
import { createRunState, type RunState } from "../bulk/state.js";
import { usageError } from "../cli-error.js";
import { describeEvent } from "../client-events.js";
import { type Connection, connectionOf } from "../connection.js";
import { confirmSwitchingManyOn } from "../consent.js";
import type { Context } from "../context.js";
import { fileWriter } from "../file-writer.js";
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
  checkFiles(context, input);
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
  const state = createRunState(orders.groups);
  const header = headerOf(prepared, chunkSize);
  const books = await openBookkeeping(input, { header, state });
  try {
    if (input.dryRun) {
      return await dryRunMany(context, {
        input: orders,
        state,
        chunkSize,
        autoExtend,
        baseUrl: transport.baseUrl,
      });
    }
    const before = orders.given - state.open();
    const groups = pendingGroups(orders, state);
    if (autoExtend && !input.yes && groups.length > 0)
      await confirmSwitchingManyOn(context, { groups, host });
    context.io.signal?.throwIfAborted();
    const ledger = await books.begin();
    const end = await carryOut(context, { input, orders, state, ledger, client, before, chunkSize });
    return await reportRun(context, {
      ...{ input: orders, state, end, autoExtend, failures },
      ...{ ledger: books.file, settledBefore: before },
    });
  } finally {
    await books.close();
  }
}

interface Begun extends Pick<Prepared, "input" | "orders"> {
  readonly state: RunState;
  readonly ledger: Ledger | null;
  readonly client: ReturnType<typeof switchClient>;
  /** How many order ids were settled before. */
  readonly before: number;
  readonly chunkSize: number;
}

async function carryOut(context: Context, begun: Begun): Promise<RunEnd> {
  const { input, orders, state, ledger, client, before, chunkSize } = begun;
  const { io, options } = context;
  const progress = createProgress({
    sink: io.stderr,
    talk: context.talk,
    // Between lines of other talk, a bar would be torn.
    bar: io.stderr.isTTY === true && io.env.TERM !== "dumb" && options.verbose !== true,
    total: orders.given,
    before,
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
  let done = before;
  try {
    return await runAll({
      ...{ client, input: orders, state, ledger, signal: io.signal, redact: context.redact },
      options: {
        ...{ autoExtend: input.autoExtend, chunkSize },
        ...{ concurrency: input.concurrency, requestsPerSecond: input.rate },
      },
      onChunk(group, { changed, refused, unknown, notTried, duplicates }) {
        done += changed.length + refused.length + unknown.length + notTried.length + duplicates.length;
        const counts = state.counts();
        progress.show({ done, failed: counts.refused + counts.unknown }, nameOfGroup(group));
      },
    });
  } finally {
    progress.clear();
    io.signal?.removeEventListener("abort", tellOfInterruption);
  }
}

/** The groups with order ids that are still to be sent, and how many. */
function pendingGroups({ groups }: Input, { outcomes }: RunState) {
  return groups
    .map(({ proxyType, rentPeriodDays }, index) => {
      return { proxyType, rentPeriodDays, count: outcomes[index]?.open() ?? 0 };
    })
    .filter(({ count }) => count > 0);
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

function checkFiles({ options }: Context, { file, ledger, resume, failures }: SwitchManyInput): void {
  if (file === "-" && options.apiKeyFile === "-") {
    throw usageError("--file and --api-key-file can't both read stdin.", "Name a file for one of them.");
  }
  if (failures !== undefined && failures === (resume ?? ledger)) {
    throw usageError("The failures can't be written into the ledger.", "Name another file with --failures.");
  }
}
