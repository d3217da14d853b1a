import { usageError } from "../cli-error.js";
import { beginLedger, continueLedger, type Ledger, readLedger, refuseUsed } from "./ledger.js";
import type { LedgerHeader } from "./ledger-header.js";
import { lockLedger } from "./ledger-lock.js";
import type { RunState } from "./state.js";

/** The options of a run that name its ledger. */
export interface LedgerOptions {
  /** A new ledger. */
  readonly ledger?: string | undefined;
  /** One of a run that is to go on. */
  readonly resume?: string | undefined;
}

/** The ledger of a run, if it has one: locked and read, but not yet written to. */
export interface Bookkeeping {
  readonly file: string | null;
  /** When the last line of one that is gone on with was written, as an ISO time; `null` where it is new. */
  readonly earlier: string | null;
  /** Opens it for the outcomes to come; `null` where none is wanted. */
  begin(): Promise<Ledger | null>;
  /** Closes it and lets others have it. */
  close(): Promise<void>;
}

/**
 * Takes hold of the ledger of a run, and brings the state up to what it tells.
 *
 * @throws CliError, a usage error, where it can't be used.
 */
export async function openBookkeeping(
  { ledger, resume }: LedgerOptions,
  { header, state }: { header: LedgerHeader; state: RunState },
): Promise<Bookkeeping> {
  if (ledger !== undefined && resume !== undefined) {
    throw usageError(
      "--ledger and --resume name two ledgers for one run.",
      "Give --resume alone: what is done from now on is written into the same file.",
    );
  }
  const file = resume ?? ledger;
  if (file === undefined)
    return { file: null, earlier: null, begin: async () => null, close: async () => {} };
  const unlock = await lockLedger(file);
  let opened: Ledger | undefined;
  try {
    const { open, earlier } = resume === undefined ? await forNew(file) : await forOld(file);
    return {
      ...{ file, earlier },
      async begin() {
        opened = await open();
        return opened;
      },
      async close() {
        await opened?.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }

  async function forNew(file: string): Promise<Openable> {
    await refuseUsed(file);
    return { open: () => beginLedger(file, header), earlier: null };
  }

  async function forOld(file: string): Promise<Openable> {
    const { size, at } = await readLedger(file, { header, take: state.take });
    state.breakOff();
    return { open: () => continueLedger(file, size), earlier: at };
  }
}

interface Openable extends Pick<Bookkeeping, "earlier"> {
  readonly open: () => Promise<Ledger>;
}
