import { type Operation, transportErrors } from "@auto-extend/core";
import { parse } from "content-type";
import { jsonErrorPosition } from "../lib/json-error-position.js";
import type { EngineRequest } from "./engine.js";
import type { EngineProblem } from "./problem.js";

/** What was sent as a text of JSON, and what it says, or what is wrong with it. */
export type ReadRequest = { readonly text: string } & (
  | { readonly value: unknown; readonly problem?: undefined }
  | { readonly problem: EngineProblem }
);

const decoder = new TextDecoder("utf-8", { fatal: true });
const lenientDecoder = new TextDecoder("utf-8");

/**
 * Reads what a request sends: its body as JSON. Of a GET it is the query, as an object of strings: a body is none of its
 * business, so it is neither read nor judged.
 */
export function readRequest(
  request: EngineRequest,
  operation: Pick<Operation, "method"> | null,
): ReadRequest {
  return operation?.method === "GET" ? readQuery(request.target) : readBody(request);
}

/** Of a name that comes again, the first value counts (assumed). */
function readQuery(target: string): ReadRequest {
  const query = target.indexOf("?");
  const first = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query === -1 ? "" : target.slice(query + 1))) {
    if (!first.has(name)) first.set(name, value);
  }
  const value = Object.fromEntries(first);
  return { text: JSON.stringify(value), value };
}

function readBody(request: EngineRequest): ReadRequest {
  if (request.body === "too-large") return { text: "", problem: { error: transportErrors.tooLarge } };
  const wrongType = mediaTypeRemark(request.headers);
  if (wrongType) {
    return {
      text: lenientDecoder.decode(request.body),
      problem: { error: transportErrors.unsupportedMediaType, remark: wrongType },
    };
  }
  let text: string;
  try {
    text = decoder.decode(request.body);
  } catch {
    return malformed(lenientDecoder.decode(request.body), "it is not UTF-8");
  }
  try {
    return { text, value: JSON.parse(text) };
  } catch {
    return malformed(text, text === "" ? "it is empty" : jsonErrorPosition(text));
  }
}

function malformed(text: string, remark: string): ReadRequest {
  return { text, problem: { error: transportErrors.malformedJson, remark } };
}

/** What is wrong with the media type, encoding or charset; nothing where it is JSON in UTF-8. */
function mediaTypeRemark(headers: EngineRequest["headers"]): string | undefined {
  const encoding = single(headers["content-encoding"]);
  if (encoding && encoding.toLowerCase() !== "identity") return `it came as Content-Encoding: ${encoding}`;
  const contentType = single(headers["content-type"]);
  // The spelling that nearly every request has needs no parsing.
  if (contentType === "application/json") return undefined;
  if (!contentType) return "it came without a Content-Type";
  const { type, parameters } = parse(contentType);
  const fits =
    type === "application/json" && ["utf-8", "utf8"].includes(parameters.charset?.toLowerCase() ?? "utf-8");
  return fits ? undefined : `it came as ${contentType}`;
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "object" ? value[0] : value;
}
