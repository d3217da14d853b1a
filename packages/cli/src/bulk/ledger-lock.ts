import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { kill, pid } from "node:process";
import { usageError } from "../cli-error.js";
import { fileReasons } from "../files.js";

/** The locks of this process: another one with the same process id is from before, as after a container's restart. */
const held = new Set<string>();

/**
 * Keeps other runs away from a ledger, by a file beside it with this process's id. A lock that was left behind by a
 * process that is gone is taken over.
 *
 * @returns what lets go of it.
 * @throws CliError, a usage error, where another run has it.
 */
export async function lockLedger(ledger: string): Promise<() => Promise<void>> {
  const lock = `${resolve(ledger)}.lock`;
  const mine = `${pid} ${hostname()}\n`;
  for (let attempt = 1; ; attempt++) {
    try {
      await writeFile(lock, mine, { flag: "wx", mode: 0o600 });
      held.add(lock);
      return async () => {
        held.delete(lock);
        await rm(lock, { force: true });
      };
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (code !== "EEXIST") {
        throw usageError(
          `${lock} can't be written: ${fileReasons[code] ?? code}.`,
          "Name a ledger in a folder that can be written to.",
        );
      }
      const owner = await readFile(lock, "utf8").catch(() => "");
      if (attempt > 1 || (await isAlive(owner, lock))) throw taken(ledger, { lock, owner });
      await rm(lock, { force: true });
    }
  }
}

async function isAlive(owner: string, lock: string): Promise<boolean> {
  const [, id, host] = /^(\d+) (.*)\n$/.exec(owner) ?? [];
  // Whoever writes it this moment has not finished, and what runs on another machine can't be asked.
  if (id === undefined || host !== hostname()) return true;
  if (Number(id) === pid) return held.has(lock);
  if (await isZombie(id)) return false;
  try {
    return kill(Number(id), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Killed, and not yet noticed by the process that started it: it writes nothing any more. Linux alone tells. */
async function isZombie(id: string): Promise<boolean> {
  const stat = await readFile(`/proc/${id}/stat`, "utf8").catch(() => "");
  return /\) Z /.test(stat);
}

function taken(ledger: string, { lock, owner }: { lock: string; owner: string }): Error {
  const [id, host] = owner.trim().split(" ");
  return usageError(
    `Another run is writing to ${ledger}${id ? `: process ${id} on ${host}` : ""}.`,
    `Wait for it to end. If there is no such run, remove ${lock}.`,
  );
}
