import { randomUUID } from "node:crypto";
import { constants, copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod/v3";
import { StateBusyError, StateFileError, unusable } from "./errors.js";

/** A lock that keeps other mocks from using a state file. */
export interface Lock {
  /**
   * Makes sure that it still holds. Where it has vanished it is made anew.
   *
   * @throws StateBusyError where another mock has it now, and from then on each time.
   */
  hold(): void;
  release(): void;
}

/** Who has a lock: what is in its file. */
type Holder = z.infer<typeof holderSchema>;

const holderSchema = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  /** When the process was started, as its system counts; `null` where that does not tell. */
  started: z.string().nullable(),
  /** No two locks have the same. */
  id: z.string(),
});

/** How often it is tried to get a lock, and how long is waited in between, in milliseconds. */
const patience = { tries: 12, pause: 20 };

/**
 * Takes the lock of a state file: a file beside it, which says who has it. One whose process is gone is taken over.
 *
 * Not by proper-lockfile: it goes by the age of a lock, so that for seconds after a crash nobody gets in, and can't say
 * who has it.
 *
 * @throws StateBusyError where another mock has it, of this process or another.
 * @throws StateFileError where it can't be made.
 */
export async function acquireLock(file: string): Promise<Lock> {
  const path = `${file}.lock`;
  const mine: Holder = {
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid),
    id: randomUUID(),
  };
  const text = `${JSON.stringify(mine)}\n`;
  try {
    await acquire();
  } catch (error) {
    if (error instanceof StateBusyError || error instanceof StateFileError) throw error;
    throw unusable(file, error);
  }

  async function acquire(): Promise<void> {
    for (let tries = 1; !make(path, text); tries += 1) {
      const found = read(path);
      if (found) refuseWhileHeld(found, mine, file);
      // An empty one is about to be written into, but for one whose process was killed just then.
      if (found || (found === "" && tries === patience.tries)) takeAway(path, found);
      else if (tries > patience.tries) throw new StateFileError(strange(file));
      else await sleep(patience.pause);
    }
  }

  let isLost = false;
  return {
    hold() {
      const found = read(path);
      if (!isLost && (found === text || (found === undefined && make(path, text)))) return;
      // Whoever has it now has written another state, which is to stay also when they are gone.
      isLost = true;
      throw new StateBusyError("another mock has taken it over");
    },
    release() {
      try {
        if (read(path) === text) rmSync(path);
      } catch {
        // What is left is the lock of a process that is gone, which the next one takes over.
      }
    },
  };
}

/** Makes a lock; whether there was none. */
function make(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** What is in a lock; `undefined` where there is none. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Takes away a lock that nobody has any more. */
function takeAway(path: string, stale: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
    // Another mock may have been quicker, so that this is its lock: that is given back.
    if (readFileSync(aside, "utf8") !== stale) copyFileSync(aside, path, constants.COPYFILE_EXCL);
  } catch (error) {
    // It was taken away before, or there is a new one by now.
    if (!["ENOENT", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function refuseWhileHeld(found: string, mine: Holder, file: string): void {
  const holder = readHolder(found);
  if (!holder) throw new StateFileError(strange(file));
  const { pid, host } = holder;
  const busy = `The state file ${file} is in use by another mock`;
  if (host !== mine.host) {
    throw new StateBusyError(
      `${busy}: process ${pid} on ${host}, which can't be looked for from ${mine.host}. Stop that one, or choose another state file. If it is gone for sure, delete ${file}.lock.`,
    );
  }
  if (!isAlive(holder)) return;
  const who = pid === mine.pid ? "one in this very process" : `process ${pid}`;
  throw new StateBusyError(`${busy}: ${who}. Stop that one, or choose another state file.`);
}

function strange(file: string): string {
  return `The state file ${file} can't be used: ${file}.lock should be its lock, and is something else. Move that away, or choose another state file.`;
}

function readHolder(text: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Any other error comes from a process that is there.
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  // Numbers are used again: in a container, a mock has the same one at each start.
  const start = startOf(pid);
  return start === null || started === null || start === started;
}

/** When a process was started, as the system counts, on Linux; `null` where it can't be told. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may have spaces and parentheses in it.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? "ended" : (rest[18] ?? null);
  } catch {
    return null;
  }
}
