import { usageError } from "../cli-error.js";
import {
  beginLedger,
  continueLedger,
  type Ledger,
  type LedgerHeader,
  readLedger,
  refuseUsed,
} from "./ledger.js";
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
  if (file === undefined) return { file: null, begin: async () => null, close: async () => {} };
  const unlock = await lockLedger(file);
  let opened: Ledger | undefined;
  try {
    const open = resume === undefined ? await forNew(file) : await forOld(file);
    return {
      file,
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

  async function forNew(file: string): Promise<() => Promise<Ledger>> {
    await refuseUsed(file);
    return () => beginLedger(file, header);
  }

  async function forOld(file: string): Promise<() => Promise<Ledger>> {
    const end = await readLedger(file, { header, take: state.take });
    state.breakOff();
    return () => continueLedger(file, end);
  }
}
