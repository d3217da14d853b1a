import { randomUUID } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Lines that are kept to be read again, as often as wanted: a few in memory, many in a file that nobody else sees. */
export interface Spool {
  /** Adds a line; it has no line break in it. */
  add(line: string): void;
  /** Makes room in memory where there is little left. To be awaited now and then. */
  relieve(): Promise<void>;
  /** The lines, in their order, some at a time. */
  read(): AsyncGenerator<readonly string[], void, undefined>;
  close(): Promise<void>;
}

const mostInMemory = 256 * 1024;
const pieceSize = 64 * 1024;

/** Makes a spool. */
export function createSpool(): Spool {
  let file: FileHandle | undefined;
  let written = 0;
  let held: string[] = [];
  let heldSize = 0;

  async function relieve(): Promise<void> {
    if (heldSize < mostInMemory) return;
    file ??= await namelessFile();
    const bytes = Buffer.from(`${held.join("\n")}\n`);
    held = [];
    heldSize = 0;
    await file.appendFile(bytes);
    written += bytes.length;
  }

  async function* read(): AsyncGenerator<readonly string[], void, undefined> {
    if (file) yield* linesOf(file, written);
    if (held.length > 0) yield held;
  }

  return {
    add(line) {
      held.push(line);
      heldSize += line.length + 1;
    },
    relieve,
    read,
    close: async () => file?.close(),
  };
}

/** A file without a name, so that it is gone with the process, however that ends. */
async function namelessFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `auto-extend-${randomUUID()}`);
  const file = await open(path, "wx+", 0o600);
  await rm(path);
  return file;
}

async function* linesOf(file: FileHandle, size: number): AsyncGenerator<string[], void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for (let position = 0; position < size; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(pieceSize), 0, pieceSize, position);
    position += bytesRead;
    const piece = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    const end = piece.lastIndexOf("\n");
    rest = piece.subarray(end + 1);
    if (end >= 0) yield piece.toString("utf8", 0, end).split("\n");
  }
}
