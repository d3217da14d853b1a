import { usageError } from "../cli-error.js";
import type { LedgerOptions } from "./bookkeeping.js";

/** The options of a run that name files. */
export interface FileOptions extends LedgerOptions {
  /** The order ids; `-` is stdin. */
  readonly file: string;
  readonly failures?: string | undefined;
  /** The API key; `-` is stdin. */
  readonly apiKeyFile?: string | undefined;
}

/**
 * Makes sure that the files of a run don't get in each other's way.
 *
 * @throws CliError, a usage error, where they do.
 */
export function checkFiles({ file, ledger, resume, failures, apiKeyFile }: FileOptions): void {
  if (file === "-" && apiKeyFile === "-") {
    throw usageError("--file and --api-key-file can't both read stdin.", "Name a file for one of them.");
  }
  if (failures === "-") {
    throw usageError(
      "--failures takes a file, and - is none.",
      "Leave --failures out: what failed goes to stdout then.",
    );
  }
  for (const [option, name] of Object.entries({ "--ledger": ledger, "--resume": resume })) {
    if (name !== "-") continue;
    throw usageError(
      `${option} takes a file, and - is none: a ledger is to be read again.`,
      `Name a file with ${option}.`,
    );
  }
  if (failures !== undefined && failures === (resume ?? ledger)) {
    throw usageError("The failures can't be written into the ledger.", "Name another file with --failures.");
  }
}
