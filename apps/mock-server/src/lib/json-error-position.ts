import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";

/**
 * Where and why a text is not JSON, such as `invalid symbol at line 1, column 6`. The text itself is not quoted, as
 * `JSON.parse` does: it may contain an API key, and redaction would not find a part of one.
 */
export function jsonErrorPosition(text: string): string {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true });
  const [first] = errors;
  if (!first) return "it is not JSON";
  const before = text.slice(0, first.offset).split("\n");
  const reason = printParseErrorCode(first.error)
    .replace(/\B[A-Z]/g, (capital) => ` ${capital}`)
    .toLowerCase();
  return `${reason} at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
