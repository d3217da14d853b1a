import { open, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a file so that it is whole at any moment, also after a crash or a power cut: either what it was, or all of the
 * new. Only this user may read it.
 *
 * Not by write-file-atomic or atomically: both take a write for done that wrote only a part, as on a full disk, and put
 * that part in place of the file; and neither takes a text piece by piece.
 *
 * @param pieces the text. Between two of them others get their turn.
 */
export async function writeWhole(path: string, pieces: Iterable<string>): Promise<void> {
  const unfinished = unfinishedPath(path);
  try {
    // As a new file, so that nobody can have put a link there.
    const file = await open(unfinished, "wx", 0o600);
    try {
      await writeFile(file, pieces);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

/** What a file is called until it is whole. It has one name only, for there is never more than one writer. */
export function unfinishedPath(path: string): string {
  return `${path}.unfinished`;
}

/** Where a file is called what is on the disk only once its folder is. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    // Windows opens no folders, and some file systems can't do this to them.
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["EPERM", "EACCES", "EISDIR", "EINVAL", "ENOTSUP", "EBADF"].includes(code)) throw error;
  }
}
