/** A state file that cannot be used as it is: broken, of another version, or out of reach. It is never overwritten. */
export class StateFileError extends Error {
  override readonly name = "StateFileError";
}

/** Who has changed the state file of a mock: another mock that uses it now, or an editor, a backup or the like. */
export type StateFileTaker = "mock" | "other";

const takers = {
  mock: (path: string) =>
    `Another mock has taken over the state file ${path}. This one no longer writes it, and answers requests that change the state with 503. Stop this one, or restart it with another state file.`,
  other: (path: string) =>
    `Something other than a mock has changed the state file ${path}. The mock no longer writes it, and answers requests that change the state with 503. To keep the state of the mock, move the file away: the mock writes it again and continues. To use the file, restart the mock.`,
} satisfies Record<StateFileTaker, unknown>;

/** Something else has changed the state file. The mock no longer writes it. */
export class StateTakenOverError extends Error {
  override readonly name = "StateTakenOverError";

  /** @param path of the state file. */
  constructor(path: string, taker: StateFileTaker, consequence = "") {
    super(takers[taker](path) + (consequence && ` ${consequence}`));
  }
}

/** A state that could not be written. */
export class StateWriteError extends Error {
  override readonly name = "StateWriteError";

  /** @param path of the state file. */
  constructor(path: string, cause: unknown, consequence = "") {
    super(
      `The state can't be written to ${path}: ${fileErrorText(cause)}.${consequence && ` ${consequence}`}`,
      {
        cause,
      },
    );
  }
}

/** The error for a state file that cannot be reached. */
export function unusable(path: string, cause: unknown): StateFileError {
  return new StateFileError(`The state file ${path} can't be used: ${fileErrorText(cause)}.`, { cause });
}

/** The meanings of the system's error codes for a file. */
const meanings: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota of this user is used up",
  EFBIG: "the file would be too large for this system",
  ENOENT: "its folder does not exist",
  ENOTDIR: "a part of its path is a file, not a folder",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  EBUSY: "it is in use; if it is mounted into a container, mount its folder instead",
};

/** Why a file could not be read or written, in words if there are any. */
export function fileErrorText(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const meaning = meanings[code];
  return meaning ? `${meaning} (${code})` : message;
}
