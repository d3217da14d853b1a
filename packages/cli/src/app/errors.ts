/** The errors of the program itself, and its exit codes. What the client throws has classes of its own. */
import type { AutoExtendError } from "@auto-extend/client";
import type { Effect, Issue } from "@auto-extend/core";

export const exitCodes = {
  done: 0,
  refused: 1,
  usage: 2,
  stateUnknown: 3,
  contractBroken: 4,
  notDone: 5,
  mixed: 6,
  notVerified: 7,
  overMaxPrice: 8,
  bug: 70,
  environment: 71,
  outputLost: 74,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The meaning of each exit code, as the help and the documentation show it. */
export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: "done",
  refused: "the provider refused, and nothing was changed",
  usage:
    "wrong usage, no order could be sent or restored, --yes is required, or verify got an unknown API key; nothing was changed",
  stateUnknown:
    "state unknown: no answer, or one that does not say whether anything was changed, or verify could not restore an order",
  contractBroken:
    "the server broke the contract (in an answer, in the state read back, or in a test of verify), amounts cannot be added, or verify could not use an order",
  notDone: "not done: the server could not be reached, or asked to wait",
  mixed: "some orders were changed, priced or forecast, and others were not",
  notVerified: "done according to the provider, but the state could not be read back",
  overMaxPrice: "more expensive than --max-price, or an order that may exist has no price; nothing was sent",
  bug: "a bug in auto-extend",
  environment: "a problem of this machine, such as a full disk, or no folder for temporary files",
  outputLost: "done, but its output could not be written",
  interrupted: "interrupted, or cancelled at a question",
};

/** The program's own errors, and how each ends the run. */
const exitCodesOfErrors = {
  UsageError: exitCodes.usage,
  Unreachable: exitCodes.notDone,
  Declined: exitCodes.interrupted,
  Interrupted: exitCodes.interrupted,
  EnvironmentError: exitCodes.environment,
  OverMaxPrice: exitCodes.overMaxPrice,
  AmountError: exitCodes.contractBroken,
  NotVerified: exitCodes.notVerified,
} as const;

type CliErrorName = keyof typeof exitCodesOfErrors;

export const cliErrorNames = Object.keys(exitCodesOfErrors) as CliErrorName[];

interface Details {
  readonly whatToDo: string;
  readonly effect?: Effect;
  readonly issues?: readonly Issue[];
  /** The streams that lead to a file of the run, so that this error must not be written there. */
  readonly spoiling?: readonly ("stdout" | "stderr")[];
}

export class CliError extends Error {
  override readonly name: CliErrorName;
  readonly exitCode: ExitCode;
  readonly details: Required<Details>;

  constructor(name: CliErrorName, message: string, details: Details) {
    super(message);
    this.name = name;
    this.exitCode = exitCodesOfErrors[name];
    this.details = { effect: "none", issues: [], spoiling: [], ...details };
  }
}

/** An error of the client in a step of a run before anything was sent. */
export class NothingSent extends Error {
  override readonly name = "NothingSent";
  override readonly cause: AutoExtendError;
  /** The consequence for the run, such as that there is no ledger. */
  readonly consequence: string;

  constructor(step: string, { cause, consequence }: { cause: AutoExtendError; consequence: string }) {
    super(step);
    this.cause = cause;
    this.consequence = consequence;
  }
}

export function usageError(message: string, whatToDo: string): CliError {
  return new CliError("UsageError", message, { whatToDo });
}

/**
 * An option or a variable is there but empty, as from an unset shell variable. The default must not stand in for it: it
 * can be the live server, or every order.
 */
export function emptyValue(name: string, whatToDo = "Give it a value, or remove it."): CliError {
  return usageError(`${name} is empty, as when a shell variable is not set.`, whatToDo);
}

export const howToNameServer =
  "Name the server, such as http://127.0.0.1:4010 for the mock. To use the live server, where auto-extend costs money, remove --base-url and unset AUTO_EXTEND_BASE_URL.";

export function interrupted(effect: Effect): CliError {
  const [message, whatToDo] =
    effect === "none"
      ? ["Interrupted. Nothing was changed.", "Run the same command again to continue."]
      : ["Interrupted: the change may have been made, or still be made.", howToFindOut];
  return new CliError("Interrupted", message, { effect, whatToDo });
}

/** Puts the command that continues a run into an advice to run the same command again. */
export function continuedBy(advice: string, next: string | null): string {
  if (next === null) return advice;
  return advice.replace(/(r)un the same command again/i, (_, r: string) => `${r}un ${next}`);
}

export const howToFindOut =
  "Run the same command again: repeating it should do no harm, since it sets a state (the provider does not promise it). Or look the orders up in your account.";

export const notUtf8 = "ERR_ENCODING_INVALID_ENCODED_DATA";

/** The meanings of the system's error codes, for a sentence about a file. */
export const fileReasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is not a folder",
  EACCES: "access is not allowed",
  EPERM: "access is not allowed",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "it would be larger than the system allows",
  ENXIO: "there is no such device",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its links lead in a circle",
  EIO: "the disk cannot be read or written",
  [notUtf8]: "it is not UTF-8 text",
};

/** Codes that no other file name would change. */
export const ofTheMachine: ReadonlySet<string> = new Set([
  ...["ENOSPC", "EDQUOT", "EFBIG", "EMFILE", "ENFILE", "EIO", "EROFS"],
]);

export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string";
}

/** An error of the operating system that no other message explains: not a bug, since only its user can do something. */
export function environmentError(error: NodeJS.ErrnoException, effect: Effect): CliError {
  const { code = "", syscall = "", path } = error;
  const reason = fileReasons[code] ?? error.message;
  const isFolderGone = syscall === "uv_cwd" && code === "ENOENT";
  const what = syscall === "uv_cwd" ? "Looking up the current folder" : `The system call ${syscall}`;
  return new CliError("EnvironmentError", `${path ?? what} failed: ${reason}.`, {
    effect,
    whatToDo: isFolderGone
      ? "The folder was probably deleted: change to another, then run the command again."
      : "Check the disk, the permissions and TMPDIR of this machine, then run the command again.",
  });
}
