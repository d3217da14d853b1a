import { randomUUID } from "node:crypto";
import { access, constants, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { usageError } from "./cli-error.js";
import { fileReasons } from "./files.js";

/** Writes a text into a file, whole or not at all. */
export type FileWriter = (pieces: Iterable<string> | AsyncIterable<string>) => Promise<void>;

/**
 * Makes sure, before anything is sent, that a file can be written at the end.
 *
 * @param option what named it, for the message.
 * @throws CliError, a usage error, where it can't.
 */
export async function fileWriter(file: string, option: string): Promise<FileWriter> {
  if (file === "-") {
    throw usageError(`${option} takes a file, and - is none.`, `Name a file with ${option}.`);
  }
  try {
    // Behind a link, the file itself is replaced, and not the link.
    const target = await realpath(file).catch(() => file);
    const found = await stat(target).catch(() => undefined);
    if (found?.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
    // A device or a pipe can't be replaced by a file.
    if (found && !found.isFile()) return (pieces) => write(target, { pieces, flags: "w" });
    await access(dirname(target), constants.W_OK);
    return (pieces) => replace(target, pieces);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "there is no such folder" : (fileReasons[code] ?? code);
    throw usageError(`${file} can't be written: ${reason}.`, `Name another file with ${option}.`);
  }
}

async function replace(target: string, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const draft = `${target}.${randomUUID()}.tmp`;
  try {
    await write(draft, { pieces, flags: "wx" });
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function write(
  file: string,
  { pieces, flags }: { pieces: Iterable<string> | AsyncIterable<string>; flags: string },
): Promise<void> {
  const handle = await open(file, flags);
  try {
    for await (const piece of pieces) await handle.appendFile(piece);
    if (flags === "wx") await handle.sync();
  } finally {
    await handle.close();
  }
}
