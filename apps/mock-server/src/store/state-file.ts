import { randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { SavedEngine } from "../engine/types.js";
import { withoutErrors } from "../lib/listeners.js";
import { StateFileError, StateTakenOverError, StateWriteError, unusable } from "./errors.js";
import { createSnapshotWriter, type SnapshotWriter } from "./snapshot-writer.js";
import {
  type Revision,
  readState,
  revisionIn,
  revisionLength,
  type SavedState,
  stateText,
} from "./state-format.js";
import { identityText, removeUnfinished, writeWhole, writeWholeSync } from "./write-whole.js";

/**
 * A file that keeps the state of a mock across restarts, whole at any moment. A change is in it within half a second, and every
 * orderly end of the process writes the rest, an uncaught error and `process.exit` included.
 *
 * The mock that started last owns the file: one that finds another's revision in it, or anything else, stops writing until the
 * file is moved away. A lock would stay behind if a mock was killed.
 */
export type StateFile = ReturnType<typeof createStateFile>;

/** Called if the state can't be written (or no longer is), and with `null` once it can again. */
export type StateTrouble = (trouble: StateWriteError | StateTakenOverError | null) => void;

const takeoverCheckMs = 500;

/**
 * Opens a state file; there need not be one yet. It throws a StateFileError if it cannot be used, and leaves it as it is.
 */
export function openStateFile(path: string, onTrouble: StateTrouble): StateFile {
  try {
    const file = realPath(path);
    refuseOtherKinds(file, path);
    const saved = existsSync(file) ? readState(readFileSync(file, "utf8"), file) : undefined;
    removeUnfinished(file);
    return createStateFile(file, saved, withoutErrors(onTrouble));
  } catch (error) {
    throw error instanceof StateFileError ? error : unusable(path, error);
  }
}

/** The file itself, which may be yet to come: a new file must not take the place of a link to it. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const target = join(realpathSync(dirname(resolve(path))), basename(path));
  const isLink = lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink();
  return isLink ? realPath(resolve(dirname(target), readlinkSync(target))) : target;
}

/** A pipe would block the whole process until somebody writes to it, and a device can't be replaced by a file. */
function refuseOtherKinds(file: string, path: string): void {
  const there = statSync(file, { throwIfNoEntry: false });
  if (!there || there.isFile() || there.isDirectory()) return;
  throw new StateFileError(
    `The state file ${path} can't be used: it is a pipe, a socket or a device. Use a regular file.`,
  );
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

function createStateFile(file: string, found: SavedState | undefined, onTrouble: StateTrouble) {
  const own = createOwnership(file, found?.revision);
  let writer: SnapshotWriter | undefined;
  let state: (() => SavedEngine) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isTakenOver = false;
  /** Whether the state has changed since the first write began: that write does not have the change. */
  let isChanged = false;

  function check(): void {
    const isLost = own.isLost();
    if (isLost === undefined || isLost === isTakenOver) return;
    isTakenOver = isLost;
    onTrouble(isLost ? new StateTakenOverError(file) : null);
    if (!isLost) writer?.changed();
  }

  async function write(save: () => SavedEngine, attempts = 5): Promise<void> {
    try {
      // The state of this very moment: later changes are for the next write.
      const { next, text } = own.nextText(save());
      own.written(await writeWhole(file, next.writer, text));
    } catch (error) {
      // A mock that starts removes unfinished files, also the one that another mock is writing at that moment.
      const isRemoved = isMissing(error) && existsSync(dirname(file));
      if (!isRemoved || attempts <= 1) throw error;
      return write(save, attempts - 1);
    }
  }

  function writeAtExit(): void {
    if (!state || !writer?.isBehind() || isTakenOver || own.isLost()) return;
    try {
      const { next, text } = own.nextText(state());
      writeWholeSync(file, next.writer, text);
    } catch (error) {
      process.stderr.write(`${new StateWriteError(file, error, changesLost).message}\n`);
    }
  }

  return {
    saved: found?.engine,
    /** Whether somebody else has changed the file by now, so that changes are no longer saved. */
    get isTakenOver() {
      check();
      return isTakenOver;
    },
    changed(): void {
      if (writer) writer.changed();
      else isChanged = true;
    },
    /**
     * Writes the state from now on, beginning at once: that is how another mock notices that it has lost the file. It throws
     * a StateWriteError if the file cannot be written.
     */
    async begin(save: () => SavedEngine): Promise<void> {
      const written = write(save);
      isChanged = false;
      try {
        await written;
      } catch (error) {
        throw new StateWriteError(file, error);
      }
      state = save;
      writer = createSnapshotWriter({
        async write() {
          check();
          if (isTakenOver) throw new StateTakenOverError(file);
          await write(save);
        },
        onTrouble(error) {
          if (!isTakenOver) onTrouble(error === null ? null : new StateWriteError(file, error));
        },
      });
      if (isChanged) writer.changed();
      timer = setInterval(check, takeoverCheckMs).unref();
      atExit.add(writeAtExit);
    },
    /** Writes what is not written yet, and ends. @throws StateWriteError or StateTakenOverError if changes are lost. */
    async close(): Promise<void> {
      clearInterval(timer);
      try {
        // If somebody removed the file, it must be written even if nothing has changed.
        if (!existsSync(file)) writer?.changed();
        await writer?.close();
      } catch (error) {
        if (isTakenOver) throw new StateTakenOverError(file, changesLost);
        throw new StateWriteError(file, error, changesLost);
      } finally {
        atExit.delete(writeAtExit);
      }
    },
  };
}

const changesLost = "Changes since the last write are lost.";

/** A single listener for all state files: Node warns of more than ten. */
const atExit = new Set<() => void>();
process.on("exit", () => {
  for (const write of atExit) write();
});

function createOwnership(file: string, found: Revision | undefined) {
  const writer = randomUUID();
  let revision = found?.revision ?? 0;
  /** The revision of a write that is under way. */
  let next = revision;
  /** Identifies the file that was last found to be our own. */
  let seen = "";

  return {
    nextText(state: SavedEngine): { next: Revision; text: Iterable<string> } {
      next = revision + 1;
      const own = { writer, revision: next };
      return { next: own, text: stateText(state, own) };
    },
    /** @param identity of the written file. The one in its place may already be another mock's. */
    written(identity: string) {
      revision = next;
      seen = identity;
    },
    /** Whether the file is not as this mock has left it; `undefined` if it can't be read now. */
    isLost(): boolean | undefined {
      try {
        const found = statSync(file, { bigint: true });
        const identity = identityText(found);
        if (identity === seen) return false;
        // Reading a pipe could take forever.
        if (!found.isFile()) return true;
        const there = revisionIn(beginningOf(file));
        const isOwn = there?.writer === writer && (there.revision === revision || there.revision === next);
        if (isOwn) seen = identity;
        return !isOwn;
      } catch (error) {
        // A file that somebody removed belongs to nobody else.
        return isMissing(error) ? false : undefined;
      }
    },
  };
}

function beginningOf(file: string): string {
  const descriptor = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(revisionLength);
    return bytes.toString("utf8", 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}
