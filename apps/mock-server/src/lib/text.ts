import { closest, distance } from "fastest-levenshtein";
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";

/** A count and its noun, for people: `1 order`, `2 orders`. */
export function pluralize(count: number, noun: string, plural = "s"): string {
  return `${count} ${noun}${count === 1 ? "" : plural}`;
}

/** Joins small parts of a text into pieces that are worth a write. Making one of the default size takes a millisecond or two. */
export function* inPieces(parts: Iterable<string>, pieceLength = 262_144): Generator<string> {
  // Joined at the end: a string built part by part takes several times the memory while it waits for a slow reader.
  let piece: string[] = [];
  let length = 0;
  for (const part of parts) {
    piece.push(part);
    length += part.length;
    if (length < pieceLength) continue;
    yield piece.join("");
    piece = [];
    length = 0;
  }
  yield piece.join("");
}

const maxQuoteLength = 60;

/** A piece of a request in quotes, cut to what is enough to recognize it. */
export function quoteShort(text: string): string {
  return JSON.stringify(text.length > maxQuoteLength ? `${text.slice(0, maxQuoteLength)}...` : text);
}

/** Nearly every text is plain. */
const isPlain = /^[\x20-\x7e]*$/;

const maxHeaderLength = 1_000;

/** Creates a text fit for a header: visible ASCII on one line, everything else escaped as in JSON, and not too long. */
export function headerText(text: string): string {
  const cut = text.length > maxHeaderLength ? `${text.slice(0, maxHeaderLength)}...` : text;
  if (isPlain.test(cut)) return cut;
  return cut.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Decodes UTF-8; `null` if the bytes are something else. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  decoder ??= createDecoder({ fatal: true });
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

let decoder: Decoder | undefined;

/** Decodes bytes as UTF-8, whatever they are. */
export function decodeLeniently(bytes: Uint8Array): string {
  lenientDecoder ??= createDecoder({});
  return lenientDecoder.decode(bytes);
}

let lenientDecoder: Decoder | undefined;

type Decoder = Pick<InstanceType<typeof TextDecoder>, "decode">;

// jsdom has neither TextDecoder nor TextEncoder, and the mock must work there as well, without anything that only Node has.

/** Creates a decoder of UTF-8. */
export function createDecoder(options: { fatal?: boolean; ignoreBOM?: boolean }): Decoder {
  if (typeof TextDecoder !== "undefined") return new TextDecoder("utf-8", options);
  return {
    decode(bytes: Uint8Array) {
      const units: string[] = [];
      for (let at = 0; at < bytes.length; at += 4_096) {
        units.push(String.fromCharCode(...bytes.subarray(at, at + 4_096)));
      }
      const text = units.join("").replace(/[\x80-\xff]+/g, (run) => {
        const escaped = run.replace(/./g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
        return options.fatal ? decodeURIComponent(escaped) : escaped.replace(escapedCharacter, decodedOrMark);
      });
      return options.ignoreBOM ? text : text.replace(/^\uFEFF/, "");
    },
  };
}

function decodedOrMark(escaped: string): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return "\ufffd";
  }
}

const escapedCharacter = /%[cd].%[89ab].|%e.(?:%[89ab].){2}|%f.(?:%[89ab].){3}|%../g;

/** Creates an encoder to UTF-8. */
export function createEncoder(): Pick<InstanceType<typeof TextEncoder>, "encodeInto"> {
  if (typeof TextEncoder !== "undefined") return new TextEncoder();
  return {
    encodeInto(text, bytes) {
      const encoded = encodeUtf8(text);
      bytes.set(encoded);
      return { read: text.length, written: encoded.length };
    },
  };
}

/** Encodes a text as UTF-8. */
export function encodeUtf8(text: string): Uint8Array {
  if (typeof TextEncoder !== "undefined") return new TextEncoder().encode(text);
  const escaped = encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
  const bytes = escaped.replace(/%(..)/g, (_, code) => String.fromCharCode(Number(`0x${code}`)));
  return Uint8Array.from(bytes, (byte) => byte.charCodeAt(0));
}

/** Why a text is not JSON, with its place unless it is empty. */
export interface JsonError {
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * Why a text is not JSON, such as `a comma is missing (line 1, column 6)`. The text itself is not quoted, as
 * `JSON.parse` does: it may contain an API key, and redaction would not find a part of one.
 */
export function jsonError(text: string): JsonError {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true });
  const [first] = errors;
  if (text.trim() === "") return { message: "it is empty" };
  if (!first) return { message: "it is not JSON" };
  const before = text.slice(0, first.offset).split("\n");
  const reason =
    first.offset >= text.trimEnd().length
      ? "the text ends too early"
      : text[first.offset] === "'"
        ? "single quotes are not valid in JSON"
        : (jsonErrors[printParseErrorCode(first.error)] ?? "it has an error");
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  return { message: `${reason} (line ${line}, column ${column})`, line, column };
}

const jsonErrors: Readonly<Record<string, string>> = {
  InvalidSymbol: "unexpected text",
  InvalidNumberFormat: "invalid number",
  PropertyNameExpected: "a field name in double quotes is missing",
  ValueExpected: "a value is missing",
  ColonExpected: "a colon is missing",
  CommaExpected: "a comma is missing",
  CloseBraceExpected: "a closing brace is missing",
  CloseBracketExpected: "a closing bracket is missing",
  EndOfFileExpected: "unexpected text after the JSON",
  InvalidCommentToken: "comments are not valid in JSON",
  UnexpectedEndOfString: "a string without a closing quote",
  UnexpectedEndOfNumber: "an incomplete number",
  InvalidUnicode: "an invalid Unicode escape",
  InvalidEscapeCharacter: "an invalid escape",
  InvalidCharacter: "an invalid character",
};

/** The known name that is nearest to a misspelled one, if any is near. */
export function nearestOf(name: string, known: readonly string[]): string | undefined {
  // The time grows with the length, and a text from outside may be long.
  if (known.length === 0 || name === "" || name.length > 60) return undefined;
  const found = closest(name.toLowerCase(), known);
  const edits = distance(name.toLowerCase(), found.toLowerCase());
  // "foo" is not "to", but "sm" may be "ms".
  const isOther = edits >= found.length && name.length !== found.length;
  return edits <= Math.max(2, Math.floor(found.length / 3)) && !isOther ? found : undefined;
}

/** A sentence with the nearest name or, if none is near, with all names; `all` replaces these, if they are many. */
export function suggestion(name: string, known: readonly string[], all?: string): string {
  const found = nearestOf(name, known);
  return found === undefined ? (all ?? `Known: ${known.join(", ")}.`) : `Did you mean "${found}"?`;
}
