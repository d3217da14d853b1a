import { createReadStream } from "node:fs";
import { crc32 } from "node:zlib";

/** A line of a ledger, as it was found. */
export interface FoundLine {
  /** From 1 on. */
  readonly number: number;
  /** Where it begins, in bytes. */
  readonly start: number;
  /** What it says; `undefined` where it is not as it was written, or not to its end. */
  readonly value: unknown;
}

/** No line of a ledger comes near it; another file may have no line end at all. */
const longestLine = 64 * 1024 * 1024;

/** A value as a line: JSON, and in it a checksum of the rest, so that a line that was cut is known by itself. */
export function sealedLine(value: object): string {
  const text = JSON.stringify(value);
  return `${text.slice(0, -1)},"crc32":"${checksum(text)}"}\n`;
}

/** Reads the lines of a file one after the other. */
export async function* readLines(file: string): AsyncGenerator<FoundLine, void, undefined> {
  let pieces: Buffer[] = [];
  let size = 0;
  let start = 0;
  let number = 1;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let begin = 0;
    for (let end = chunk.indexOf("\n"); end !== -1; end = chunk.indexOf("\n", begin)) {
      pieces.push(chunk.subarray(begin, end));
      yield { number, start, value: opened(Buffer.concat(pieces).toString()) };
      start += size + end - begin + 1;
      pieces = [];
      size = 0;
      number++;
      begin = end + 1;
    }
    if (begin < chunk.length && size < longestLine) pieces.push(chunk.subarray(begin));
    size += chunk.length - begin;
  }
  if (size > 0) yield { number, start, value: undefined };
}

/** The value of a line that {@link sealedLine} made; `undefined` where it is none, or not whole. */
function opened(line: string): unknown {
  const match = /^(?<text>\{.*),"crc32":"(?<sum>[0-9a-f]{8})"\}$/s.exec(line);
  const text = `${match?.groups?.text}}`;
  if (match === null || checksum(text) !== match.groups?.sum) return undefined;
  return JSON.parse(text);
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}
