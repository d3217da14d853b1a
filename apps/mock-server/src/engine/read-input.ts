import { type Operation, requestBodyLimit, transportErrors } from "@auto-extend/core";
import { parse } from "content-type";
import { isObject } from "../lib/fits.js";
import { decodeLeniently, decodeUtf8, type JsonError, jsonError, quoteShort } from "../lib/text.js";
import type { FieldIssue } from "./log/schemas.js";
import type { EngineProblem, EngineRequest, Input } from "./types.js";

/** Step 3: reads the body as JSON; for a GET, the query as an object of strings (its body is ignored). */
export function readInput(
  { headers, body, target }: Pick<EngineRequest, "headers" | "body" | "target">,
  operation: Pick<Operation, "method"> | null,
): Input {
  if (operation?.method === "GET") {
    const query = readQuery(target);
    if (body.length === 0) return query;
    const size = body === "too-large" ? largeSize(headers) : `${body.length} bytes`;
    return { ...query, note: `A body of ${size} was ignored: a GET takes a query.` };
  }
  if (body === "too-large") {
    return failed("", tooLarge(headers), `The body was not read: it has ${largeSize(headers)}.`);
  }
  // Nearly every request spells it like this.
  const isPlain = headers["content-type"] === "application/json" && headers["content-encoding"] === undefined;
  const issue = isPlain ? undefined : mediaTypeIssue(headers);
  if (issue) {
    const problem = { error: transportErrors.unsupportedMediaType, issue };
    return decodeUtf8(body) === null ? garbled(body, problem) : failed(decodeLeniently(body), problem);
  }
  const text = decodeUtf8(body);
  if (text === null) return garbled(body, malformed({ message: "it is not UTF-8" }));
  try {
    return { text, value: JSON.parse(text), problem: undefined };
  } catch {
    return failed(text, malformed(jsonError(text)));
  }
}

/** The body is larger than the mock takes for an operation of the contract. */
export function tooLarge(headers: EngineRequest["headers"]): EngineProblem {
  const expected = `at most ${requestBodyLimit / 1024 ** 2} MiB`;
  const message = `${expected}, and this one has ${largeSize(headers)}`;
  return { error: transportErrors.tooLarge, issue: { part: "body", path: "", message, expected } };
}

/** The channel stops reading at the limit: only a header says how much there was. */
function largeSize(headers: EngineRequest["headers"]): string {
  const length = headers["content-length"];
  return length === undefined ? `more than ${requestBodyLimit} bytes` : `${Number(length)} bytes`;
}

/** If a name is repeated, the first value counts (assumed). */
function readQuery(target: string): Input {
  const query = target.indexOf("?");
  if (query === -1) return noQuery;
  const first = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(target.slice(query + 1))) {
    if (!first.has(name)) first.set(name, value);
  }
  const value = Object.fromEntries(first);
  return { text: JSON.stringify(value), value, problem: undefined };
}

const noQuery: Input = { text: "{}", value: Object.freeze({}), problem: undefined };

function malformed(found: JsonError): EngineProblem {
  const issue = { part: "body", path: "", expected: "JSON in UTF-8", ...found } as const;
  return { error: transportErrors.malformedJson, issue };
}

/** @param note see {@link Input}. */
function failed(text: string, problem: EngineProblem, note?: string): Input {
  return { text, value: undefined, problem, note };
}

/** A body that is not UTF-8, such as a compressed one. */
function garbled(body: Uint8Array, problem: EngineProblem): Input {
  const note = `The body is not UTF-8: of its ${body.length} bytes, those that are no text are shown as "\ufffd".`;
  return failed(decodeLeniently(body), problem, note);
}

/** The header at fault, if the media type, encoding or charset is not that of JSON in UTF-8. */
function mediaTypeIssue(headers: EngineRequest["headers"]): FieldIssue | undefined {
  const encoding = single(headers["content-encoding"]);
  if (encoding && encoding.toLowerCase() !== "identity") {
    const message = `it was sent with Content-Encoding: ${encoding}`;
    return { part: "header", path: "content-encoding", message, expected: "no Content-Encoding header" };
  }
  const contentType = single(headers["content-type"]);
  const { type, parameters } = parse(contentType ?? "");
  const isJson = type === "application/json";
  const charset = parameters.charset?.toLowerCase() ?? "utf-8";
  if (isJson && (charset === "utf-8" || charset === "utf8")) return undefined;
  const message = contentType ? `it was sent as ${contentType}` : "it was sent without a Content-Type";
  const expected = `application/json${isJson ? "; charset=utf-8" : ""}`;
  return { part: "header", path: "content-type", message, expected };
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "object" ? value[0] : value;
}

/** The first few unknown fields of a body, quoted. */
export function unknownFields(operation: Pick<Operation, "request">, sent: unknown): readonly string[] {
  if (!isObject(sent)) return [];
  const { shape } = operation.request;
  const unknown = Object.keys(sent).filter((field) => !Object.hasOwn(shape, field));
  return unknown.slice(0, maxUnknownFields).map(quoteShort);
}

const maxUnknownFields = 10;
