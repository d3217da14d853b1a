/** Stores for many order IDs: lines in a file instead of memory, and a set that takes few bytes an ID. */
import { randomUUID } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Lines that can be read repeatedly: a few in memory, many in a file that nobody else sees. */
export interface Spool {
  readonly count: number;
  /** Adds a line, which must not contain a line end. */
  add(line: string): void;
  /** Moves lines to the file if there are many in memory. To be awaited now and then. */
  flush(): Promise<void>;
  /** The lines in their order, some at a time. */
  read(): AsyncGenerator<readonly string[], void, undefined>;
  close(): Promise<void>;
}

const maxInMemory = 256 * 1024;
const pieceSize = 64 * 1024;

export function createSpool(): Spool {
  let file: FileHandle | undefined;
  let written = 0;
  let held: string[] = [];
  let heldSize = 0;
  let count = 0;

  return {
    get count() {
      return count;
    },
    add(line) {
      held.push(line);
      heldSize += line.length + 1;
      count++;
    },
    async flush() {
      if (heldSize < maxInMemory) return;
      file ??= await namelessFile();
      const bytes = Buffer.from(`${held.join("\n")}\n`);
      held = [];
      heldSize = 0;
      await file.appendFile(bytes);
      written += bytes.length;
    },
    async *read() {
      if (file) yield* linesOf(file, written);
      if (held.length > 0) yield held;
    },
    async close() {
      await file?.close();
      file = undefined;
    },
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

/** A set of order IDs. Plain numbers, the usual case, take 16 bytes each at most. */
export class IdSet {
  #table = new Float64Array(1024).fill(-1);
  #size = 0;
  readonly #others = new Set<string>();

  has(id: string): boolean {
    const number = plainNumber(id);
    return number === null ? this.#others.has(id) : this.#table[this.#slotOf(number)] === number;
  }

  /** Adds an ID; returns whether it is new. */
  add(id: string): boolean {
    if (this.has(id)) return false;
    const number = plainNumber(id);
    if (number === null) this.#others.add(id);
    else {
      if (2 * (this.#size + 1) > this.#table.length) this.#grow();
      this.#table[this.#slotOf(number)] = number;
      this.#size++;
    }
    return true;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Float64Array(2 * old.length).fill(-1);
    for (const number of old) if (number !== -1) this.#table[this.#slotOf(number)] = number;
  }

  /** The place of a number, or the free place for it. */
  #slotOf(number: number): number {
    const mask = this.#table.length - 1;
    const low = number % 0x1_0000_0000;
    const high = (number - low) / 0x1_0000_0000;
    let slot = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    while (this.#table[slot] !== -1 && this.#table[slot] !== number) slot = (slot + 1) & mask;
    return slot;
  }
}

/** The number of an ID that is written exactly like it. */
function plainNumber(id: string): number | null {
  return id.length <= 15 && /^(0|[1-9]\d*)$/.test(id) ? Number(id) : null;
}
