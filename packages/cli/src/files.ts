import { createReadStream } from "node:fs";
import { addAbortSignal } from "node:stream";
import { usageError } from "./cli-error.js";
import type { Context } from "./context.js";

/** Nothing that is read whole comes near it; a wrong file, or an endless pipe, soon does. */
const mostBytes = 16 * 1024 * 1024;

/** What a file is called in messages. */
export function nameOfFile(file: string): string {
  return file === "-" ? "stdin" : file;
}

/**
 * Reads a file, or stdin for `-`, as UTF-8 text without its byte order mark.
 *
 * @throws CliError, a usage error, where it can't be read, is too large or is no UTF-8; its content is in no message.
 */
export async function readText(file: string, context: Context): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of streamText(file, context, mostBytes)) pieces.push(piece);
  return pieces.join("");
}

/**
 * Reads a file, or stdin for `-`, piece by piece, as UTF-8 text without its byte order mark.
 *
 * @param most how large it may be, in bytes.
 * @throws CliError, a usage error, where it can't be read, is too large or is no UTF-8; its content is in no message.
 */
export async function* streamText(
  file: string,
  { io }: Context,
  most: number,
): AsyncGenerator<string, void, undefined> {
  const stream = file === "-" ? io.stdin : createReadStream(file);
  if (io.signal) addAbortSignal(io.signal, stream);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > most) {
        throw usageError(
          `${nameOfFile(file)} is larger than ${most / 1024 ** 2} MiB.`,
          "Is it the right file?",
        );
      }
      yield decoder.decode(bytes, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    throw readable(error, file);
  }
}

/** What the system's error codes mean, for a sentence about a file. */
export const fileReasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "access is not allowed",
  ENOSPC: "the disk is full",
  ERR_ENCODING_INVALID_ENCODED_DATA: "it is not UTF-8 text",
};

/** Says what is wrong with a file, where that is what was thrown. */
function readable(error: unknown, file: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  if (code === undefined || code === "ABORT_ERR") return error;
  return usageError(
    `${nameOfFile(file)} can't be read: ${fileReasons[code] ?? code}.`,
    "Name a readable text file.",
  );
}
