import { existsSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { SavedEngine } from "../engine/engine.js";
import type { Kept } from "../mock-engine.js";
import { StateFileError, StateWriteError, unusable } from "./errors.js";
import { createKeyHashes } from "./key-hashes.js";
import { acquireLock, type Lock } from "./lock.js";
import { readState, type SavedState } from "./read-state.js";
import { createSnapshotWriter, type SnapshotWriter } from "./snapshot-writer.js";
import { stateText } from "./state-text.js";
import { unfinishedPath, writeWhole } from "./write-whole.js";

/**
 * A file that keeps the state of a mock across restarts.
 *
 * It has the accounts and which of them were made for new API keys, the clock, how renewals go, up to when everything has
 * happened, and a salted hash of each API key with the account that it opens. It does not have any API key, the request
 * log, or the faults that wait for requests.
 *
 * A change is in it within half a second and the time that writing takes; see `snapshotTiming` for large states. It is
 * whole at any moment. One mock uses it at a time.
 */
export interface StateFile {
  /** What the engine is to go on from, and to tell its changes to. */
  readonly kept: Kept;
  /**
   * Writes the state from now on. A new file is there once this resolves.
   *
   * @param save gives the state as it is.
   * @throws StateWriteError where a new file can't be written.
   */
  begin(save: () => SavedEngine): Promise<void>;
  /**
   * Writes what is not written yet, and lets others use the file.
   *
   * @throws StateWriteError where it could not be written.
   */
  close(): Promise<void>;
}

/** Told when the state can't be written, and with `null` once it can again. */
export type StateTrouble = (trouble: StateWriteError | null) => void;

/**
 * Opens a state file; there need not be one yet.
 *
 * @throws StateFileError where it can't be used, and StateBusyError where another mock uses it. It is then as it was.
 */
export async function openStateFile(path: string, onTrouble: StateTrouble): Promise<StateFile> {
  const file = realPath(path);
  const lock = await acquireLock(file);
  try {
    rmSync(unfinishedPath(file), { force: true });
    return stateFile(file, { lock, saved: readStateFile(file), onTrouble });
  } catch (error) {
    lock.release();
    throw error instanceof StateFileError ? error : unusable(file, error);
  }
}

/** The file itself: put in place of a link to it, it would be another one, with another lock. */
function realPath(path: string): string {
  try {
    return existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(resolve(path))), basename(path));
  } catch (error) {
    throw unusable(path, error);
  }
}

function readStateFile(file: string): SavedState | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  return readState(text, file);
}

interface Parts {
  readonly lock: Lock;
  /** `undefined` at the very first start. */
  readonly saved: SavedState | undefined;
  readonly onTrouble: StateTrouble;
}

function stateFile(file: string, { lock, saved, onTrouble }: Parts): StateFile {
  let writer: SnapshotWriter | undefined;
  let isChanged = false;

  function onChange(): void {
    if (writer) writer.changed();
    else isChanged = true;
  }

  const keys = createKeyHashes(saved?.keys, onChange);

  async function write(save: () => SavedEngine): Promise<void> {
    // Both at once, and right away: what changes from here on is for the next write.
    const engine = save();
    const text = stateText(engine, keys.save());
    isChanged = false;
    lock.hold();
    await writeWhole(file, text);
  }

  return {
    kept: { memory: keys, onChange, ...(saved ? { saved: saved.engine } : {}) },
    async begin(save) {
      try {
        if (!saved) await write(save);
      } catch (error) {
        throw new StateWriteError(file, error);
      }
      writer = createSnapshotWriter({
        write: () => write(save),
        onTrouble: (error) => onTrouble(error === null ? null : new StateWriteError(file, error)),
      });
      if (isChanged) writer.changed();
    },
    async close() {
      try {
        // Whoever removed it while nothing changed is not to be told that all is well.
        if (!existsSync(file)) writer?.changed();
        await writer?.close();
      } catch (error) {
        throw new StateWriteError(file, error, "What has changed since the last write is lost.");
      } finally {
        lock.release();
      }
    },
  };
}
