/** Reads and writes the files that options name, and makes sure that no file is read and replaced by the same run. */
import { randomUUID } from "node:crypto";
import { createReadStream, fstatSync, type Stats } from "node:fs";
import { access, constants, lstat, open, readlink, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { addAbortSignal } from "node:stream";
import type { Context, Io } from "./context.js";
import { CliError, fileReasons, isSystemError, notUtf8, usageError } from "./errors.js";

/** Files that are read whole are much smaller; a wrong file, or an endless pipe, is not. */
const maxBytes = 16 * 1024 * 1024;

export const ledgerStart = '{"ledger":';

export function nameOfFile(file: string): string {
  return file === "-" ? "stdin" : file;
}

export async function readText(file: string, context: Context): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of streamText(file, context, maxBytes)) pieces.push(piece);
  return pieces.join("");
}

/** Reads a file, or stdin for `-`, piece by piece, as UTF-8 text without its byte order mark. */
export async function* streamText(
  file: string,
  { io }: Pick<Context, "io">,
  limit: number,
): AsyncGenerator<string, void, undefined> {
  const stream = file === "-" ? io.stdin : createReadStream(file);
  if (io.signal) addAbortSignal(io.signal, stream);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > limit) {
        throw usageError(
          `${nameOfFile(file)} is larger than ${limit / 1024 ** 2} MiB.`,
          "Check whether it is the right file.",
        );
      }
      // UTF-16 without a byte order mark decodes, but has zero bytes.
      if (bytes.includes(0)) throw Object.assign(new Error("a zero byte"), { code: notUtf8 });
      yield decoder.decode(bytes, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    throw readable(error, file);
  }
}

function readable(error: unknown, file: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  if (code === undefined || code === "ABORT_ERR") return error;
  return usageError(
    `${nameOfFile(file)} cannot be read: ${fileReasons[code] ?? code}.`,
    code === notUtf8
      ? 'Save it as UTF-8 text; spreadsheets call it "CSV UTF-8".'
      : "Name a readable text file.",
  );
}

type Pieces = Iterable<string> | AsyncIterable<string>;

export interface FileToWrite {
  readonly name: string;
  readonly isFilled: boolean;
  /** Writes a text into it, whole or not at all. @returns whether it worked; if not, a note says why. */
  write(context: Context, pieces: Pieces): Promise<boolean>;
}

export interface Kind {
  readonly option: string;
  readonly noun: string;
  readonly beginning: RegExp;
}

/**
 * Makes sure, before anything is sent, that a file can be written at the end. A file that is there already is only
 * replaced if it is empty or of the same kind.
 *
 * @returns `null` if no file is named.
 * @throws CliError, a usage error, if it cannot.
 */
export async function fileToWrite(name: string | undefined, kind: Kind): Promise<FileToWrite | null> {
  const { option } = kind;
  if (name === undefined) return null;
  if (name === "-") {
    throw usageError(`${option} needs a file path; - is not supported.`, `Name a file with ${option}.`);
  }
  // Behind a link, the file itself is replaced, and not the link.
  const target = await realpath(name).catch(() => name);
  let found: Stats | undefined;
  try {
    found = await statIfThere(target);
    if (found?.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
    if (found?.isFile() !== false) await access(dirname(target), constants.W_OK);
    if (found?.isFile()) await checkKind(target, { name, ...kind });
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code = "" } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "there is no such folder" : (fileReasons[code] ?? code);
    throw usageError(`${name} cannot be written: ${reason}.`, `Name another file with ${option}.`);
  }
  // A device or a pipe cannot be replaced by a file.
  const writeAll =
    found?.isFile() === false
      ? (file: string, pieces: Pieces) => write(file, { pieces, flags: "w" })
      : replace;
  return {
    ...{ name, isFilled: (found?.size ?? 0) > 0 },
    async write(context, pieces) {
      try {
        await writeAll(target, pieces);
        return true;
      } catch (error) {
        if (!isSystemError(error)) throw error;
        context.note(`${name} could not be written: ${fileReasons[error.code ?? ""] ?? error.message}.`);
        return false;
      }
    },
  };
}

/** @throws for what is there, or in the way, and cannot be looked at. */
export function statIfThere(path: string): Promise<Stats | undefined> {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return undefined;
  });
}

/** Anything else may be the only copy of something, such as the ledger that an undo needs. */
async function checkKind(
  target: string,
  { name, option, noun, beginning }: Kind & { readonly name: string },
): Promise<void> {
  const handle = await open(target, "r");
  const { buffer, bytesRead } = await handle
    .read(Buffer.alloc(1000), 0, 1000, 0)
    .finally(() => handle.close());
  const text = buffer.toString("utf8", 0, bytesRead).replace(/^\uFEFF/, "");
  if (text.trim() === "" || beginning.test(text)) return;
  const is = text.startsWith(ledgerStart) ? "is the ledger of a run" : `exists already, and is no ${noun}`;
  throw usageError(`${name} ${is}.`, `Name another file with ${option}.`);
}

async function replace(target: string, pieces: Pieces): Promise<void> {
  const draft = `${target}.${randomUUID()}.tmp`;
  try {
    await write(draft, { pieces, flags: "wx" });
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function write(file: string, { pieces, flags }: { pieces: Pieces; flags: string }): Promise<void> {
  const handle = await open(file, flags);
  try {
    for await (const piece of pieces) await handle.appendFile(piece);
    if (flags === "wx") await handle.sync();
  } finally {
    await handle.close();
  }
}

export interface FilesOfRun {
  readonly read: Readonly<Record<string, string | undefined>>;
  readonly written: Readonly<Record<string, string | undefined>>;
}

/**
 * Makes sure that every file that is written is no other file of the run, nor behind stdout or stderr, by what the paths lead to: through links, under
 * other spellings, and also if a file does not exist yet.
 *
 * @throws CliError, a usage error, if two are the same.
 */
export async function checkSeparateFiles(
  io: Pick<Io, "stdin" | "stdout" | "stderr">,
  { read, written }: FilesOfRun,
): Promise<void> {
  const reading = await identities(io, read);
  const writing = await identities(io, written);
  if (read["--file"] === "-" && read["--api-key-file"] === "-") {
    throw usageError("--file and --api-key-file cannot both read stdin.", "Name a file for one of them.");
  }
  for (const [index, one] of writing.entries()) {
    const other = [...reading, ...writing.slice(index + 1)].find(({ keys }) =>
      keys.some((key) => one.keys.includes(key)),
    );
    if (!other) continue;
    const isRead = reading.includes(other);
    throw usageError(
      `${other.option} and ${one.option} name the same file, ${one.file}.`,
      `Name another file with ${isRead ? one.option : other.option}.`,
    );
  }
  checkStreams(io, [...reading, ...writing]);
}

/** Output that a shell adds to a file of the run would be read as its content, or be lost when the file is replaced. */
function checkStreams({ stdout, stderr }: Pick<Io, "stdout" | "stderr">, named: readonly Identity[]): void {
  const problems = (["stdout", "stderr"] as const).flatMap((stream) => {
    const keys = keysOfStream({ stdout, stderr }[stream].fd);
    const found = named.find((each) => each.keys.some((key) => keys.includes(key)));
    return found ? [{ stream, ...found }] : [];
  });
  const [first] = problems;
  if (!first) return;
  const { stream, file, option } = first;
  const message =
    file === "-"
      ? `stdin and ${stream} are the same file.`
      : `${stream} goes to ${file}, which is also named by ${option}.`;
  throw new CliError("UsageError", message, {
    spoiling: problems.map((each) => each.stream),
    whatToDo: `Redirect ${stream} to another file.`,
  });
}

interface Identity {
  readonly option: string;
  readonly file: string;
  readonly keys: readonly string[];
}

async function identities(
  io: Pick<Io, "stdin">,
  files: Readonly<Record<string, string | undefined>>,
): Promise<Identity[]> {
  const found: Identity[] = [];
  for (const [option, file] of Object.entries(files)) {
    if (file === undefined) continue;
    const keys = file === "-" ? keysOfStream(io.stdin.fd) : await keysOf(file);
    found.push({ option, file, keys });
  }
  return found;
}

/** Devices and pipes have none: they can be read and written at once. */
async function keysOf(file: string): Promise<string[]> {
  const path = await targetOf(file, maxLinks);
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile()) return [];
  // In a folder that ignores case, other spellings lead to the same file; elsewhere they would only confuse.
  const folded = `path ${path.normalize("NFC").toLowerCase()}`;
  return found ? [`file ${found.dev} ${found.ino}`, folded] : [folded];
}

function keysOfStream(fd: number | undefined): string[] {
  if (fd === undefined) return [];
  const found = fstatSync(fd);
  return found.isFile() ? [`file ${found.dev} ${found.ino}`] : [];
}

const maxLinks = 40;

async function targetOf(file: string, linksLeft: number): Promise<string> {
  const path = resolve(file);
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined || dirname(path) === path) return real ?? path;
  const link = await lstat(path).catch(() => undefined);
  if (link?.isSymbolicLink() && linksLeft > 0) {
    return targetOf(resolve(dirname(path), await readlink(path)), linksLeft - 1);
  }
  return join(await targetOf(dirname(path), linksLeft), basename(path));
}
