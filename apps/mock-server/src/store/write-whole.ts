import {
  type BigIntStats,
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { open, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Writes a file so that it is always whole, even after a crash or a power cut: either the old text or all of the new one.
 * Only this user can read it. Other work can run between two pieces. Returns the {@link identityText} of the file.
 */
export async function writeWhole(path: string, writer: string, pieces: Iterable<string>): Promise<string> {
  const unfinished = unfinishedPath(path, writer);
  let identity: string;
  try {
    // As a new file, so that nobody can have put a link there.
    const file = await open(unfinished, "wx", 0o600);
    try {
      await writeFile(file, pieces);
      await file.sync();
      identity = identityText(await file.stat({ bigint: true }));
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
  return identity;
}

/** The identity of a file and its content; it stays the same if the file is renamed. */
export function identityText({ dev, ino, mtimeNs, size }: BigIntStats): string {
  return `${dev}:${ino}:${mtimeNs}:${size}`;
}

/** For a process that is about to exit. */
export function writeWholeSync(path: string, writer: string, pieces: Iterable<string>): void {
  // Another name: the unfinished file of an earlier write may still be there.
  const unfinished = unfinishedPath(path, `${writer}-exit`);
  try {
    const file = openSync(unfinished, "wx", 0o600);
    try {
      for (const piece of pieces) writeFileSync(file, piece);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
    rmSync(unfinishedPath(path, writer), { force: true });
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/** Mocks that were killed leave them behind. */
export function removeUnfinished(path: string): void {
  const [folder, name] = [dirname(path), basename(path)];
  const isUnfinished = (each: string) => each.startsWith(`${name}.`) && each.endsWith(".unfinished");
  for (const each of readdirSync(folder)) if (isUnfinished(each)) rmSync(join(folder, each), { force: true });
}

/** The name of a file until it is whole. Each writer has its own, since there may be two for a moment. */
function unfinishedPath(path: string, writer: string): string {
  return `${path}.${writer}.unfinished`;
}

/** A renamed file is safe from power cuts only once its folder is on the disk. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    // Windows can't open folders, and some file systems can't sync them.
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["EPERM", "EACCES", "EISDIR", "EINVAL", "ENOTSUP", "EBADF"].includes(code)) throw error;
  }
}
