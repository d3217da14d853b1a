/** A state file that cannot be used as it is: broken, of another version, or out of reach. It is never overwritten. */
export class StateFileError extends Error {
  override readonly name = "StateFileError";
}

/** Another mock, an editor, a backup or the like has changed the state file. The mock no longer writes it. */
export class StateTakenOverError extends Error {
  override readonly name = "StateTakenOverError";

  constructor(
    path: string,
    consequence = "This mock no longer writes it, and answers requests that change the state with 503. Stop this mock, or restart it to use the file. To keep the state of this mock, move the file away; this mock then writes a new one.",
  ) {
    super(`Another mock or program has changed the state file ${path}. ${consequence}`);
  }
}

/** A state that could not be written. */
export class StateWriteError extends Error {
  override readonly name = "StateWriteError";

  constructor(path: string, cause: unknown, consequence = "") {
    super(
      `The state can't be written to ${path}: ${fileErrorText(cause)}.${consequence && ` ${consequence}`}`,
      { cause },
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
