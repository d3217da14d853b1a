import { type Operation, requestBodyLimit, type TransportError, transportErrors } from "@auto-extend/core";
import { type Safety, type ServerCase, type StepRequest, serverCase } from "../case.js";
import { expectProblem, type JsonObject } from "../expectations.js";
import { requestOf } from "../steps.js";

/**
 * One case for each way in which a request with a body fails before the rules are tried. They are the same for all
 * operations, so one operation stands for all.
 *
 * @param harmless a body that no server can act on, even one that reads it in spite of what is wrong with it.
 */
export function transportCases(operation: Operation, harmless: JsonObject): ServerCase[] {
  const good = requestOf(operation, harmless);
  const text = JSON.stringify(harmless);
  const { malformedJson, unsupportedMediaType, methodNotAllowed, notFound, tooLarge } = transportErrors;
  const form = new URLSearchParams(
    Object.fromEntries(Object.entries(harmless).map(([name, value]) => [name, String(value)])),
  );

  return [
    transportCase(malformedJson, "comma", "JSON with a comma too many", {
      ...good,
      body: `${text.slice(0, -1)},}`,
    }),
    transportCase(malformedJson, "truncated", "JSON that breaks off", { ...good, body: text.slice(0, -10) }),
    transportCase(malformedJson, "empty", "an empty body", { ...good, body: "" }),
    transportCase(malformedJson, "invalid-utf-8", "bytes that are not UTF-8", {
      ...good,
      body: invalidUtf8(text),
    }),
    transportCase(unsupportedMediaType, "text-plain", "JSON as plain text", {
      ...good,
      headers: { "content-type": "text/plain" },
    }),
    transportCase(unsupportedMediaType, "form", "a form", {
      ...good,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
    }),
    transportCase(unsupportedMediaType, "missing", "a body without a media type", { ...good, headers: {} }),
    transportCase(unsupportedMediaType, "gzip", "a compressed body", {
      ...good,
      headers: { ...good.headers, "content-encoding": "gzip" },
    }),
    ...["GET", "PUT", "DELETE"].map((method) =>
      transportCase(
        methodNotAllowed,
        method,
        `the method ${method}`,
        { operation, method, path: good.path, headers: {} },
        // The path names an account, and a faulty server may act on a method that does more than read.
        method === "GET" ? "harmless" : "refused",
      ),
    ),
    transportCase(notFound, "unknown-path", "a path that does not exist", {
      ...good,
      path: `${good.path}/no-such-path`,
    }),
    // A large body costs a server something, so it is not sent to one of others without consent.
    transportCase(
      tooLarge,
      "over-2-mib",
      `a body of more than ${requestBodyLimit / 1024 ** 2} MiB`,
      { ...good, body: text.padEnd(requestBodyLimit + 1) },
      "refused",
    ),
  ];
}

/** The same for a request with a query and no body: the method that the path takes, and the paths below it. */
export function queryTransportCases(operation: Operation): ServerCase[] {
  const { methodNotAllowed, notFound } = transportErrors;
  const good = requestOf(operation, {});
  return [
    transportCase(
      methodNotAllowed,
      `${operation.id}/POST`,
      `the method POST on the path of ${operation.id}`,
      { ...good, method: "POST", headers: { "content-type": "application/json" }, body: "{}" },
      // As above: this method may do more than read.
      "refused",
    ),
    transportCase(notFound, `${operation.id}/unknown-path`, `a path below that of ${operation.id}`, {
      ...good,
      path: `${good.path}/no-such-path`,
    }),
  ];
}

function transportCase(
  error: TransportError,
  id: string,
  title: string,
  send: StepRequest,
  safety: Safety = "harmless",
): ServerCase {
  const allow = error === transportErrors.methodNotAllowed ? { allow: send.operation.method } : {};
  return serverCase({
    id: `${error.id}/${id}`,
    title: `answers ${error.status} to ${title}`,
    statements: [error.id],
    safety,
    steps: () => [{ send, expect: expectProblem(error, allow) }],
  });
}

/** The same text with one letter replaced by a byte that occurs nowhere in UTF-8. */
function invalidUtf8(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  bytes[text.search(/[a-z]/)] = 0xff;
  return bytes;
}
