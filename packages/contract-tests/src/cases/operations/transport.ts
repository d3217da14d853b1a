import { type Operation, requestBodyLimit, type TransportError, transportErrors } from "@auto-extend/core";
import { type KnownOrder, type ServerCase, type StepRequest, serverCase } from "../case.js";
import { expectProblem, type JsonObject } from "../expectations.js";
import { leaving, queryOf, requestOf } from "../steps.js";

/** How a request with a body fails before the rules are tried. One operation stands for all; no server can act on the body. */
export function transportCases(operation: Operation, harmless: JsonObject): ServerCase[] {
  const { malformedJson, unsupportedMediaType, methodNotAllowed, notFound, tooLarge } = transportErrors;
  const good = requestOf(operation, harmless);
  const text = JSON.stringify(harmless);
  const form = new URLSearchParams(queryOf(harmless)).toString();
  const gzip = { headers: { ...good.headers, "content-encoding": "gzip" } };
  const mediaTypes: readonly [string, string, Partial<StepRequest>][] = [
    ["text-plain", "JSON as plain text", typed("text/plain")],
    ["form", "a form", { ...typed("application/x-www-form-urlencoded"), body: form }],
    ["missing", "a body without a media type", { headers: {} }],
    ["gzip", "a compressed body", gzip],
  ];
  const bodies: readonly [string, string, StepRequest["body"]][] = [
    ["comma", "JSON with an extra comma", withComma(text)],
    ["truncated", "JSON that is cut off", text.slice(0, -10)],
    ["empty", "an empty body", ""],
    ["invalid-utf-8", "bytes that are not UTF-8", invalidUtf8(text)],
  ];
  const large = { ...good, body: tooLong(text) };
  return [
    ...bodies.map(([id, title, body = ""]) => transportCase(malformedJson, id, title, { ...good, body })),
    ...mediaTypes.map(([id, title, changed]) =>
      transportCase(unsupportedMediaType, id, title, { ...good, ...changed }),
    ),
    ...["GET", "PUT", "DELETE"].map((method) => {
      const send = { operation, method, path: good.path, headers: {} };
      return transportCase(methodNotAllowed, method, `the method ${method}`, send);
    }),
    transportCase(notFound, "unknown-path", "a path that does not exist", below(good)),
    transportCase(tooLarge, "over-2-mib", `a body of more than ${requestBodyLimit / 1024 ** 2} MiB`, large),
  ];
}

/** The same with orders that a faulty server could switch, although it answers as it should. */
export function orderTransportCases(
  operation: Operation,
  requests: (orders: readonly KnownOrder[]) => readonly JsonObject[],
): ServerCase[] {
  const { malformedJson, unsupportedMediaType, methodNotAllowed, tooLarge } = transportErrors;
  const claims = [`${operation.id}/refusal-changes-nothing`];
  const changes: readonly [TransportError, string, (body: string) => Partial<StepRequest>][] = [
    [malformedJson, "with an extra comma in its JSON", (body) => ({ body: withComma(body) })],
    [unsupportedMediaType, "as plain text", () => typed("text/plain")],
    [methodNotAllowed, "by PUT", () => ({ method: "PUT" })],
    [tooLarge, "in a body that is too large", (body) => ({ body: tooLong(body) })],
  ];
  return changes.map(([error, title, change]) =>
    serverCase({
      id: `${error.id}/good-orders`,
      title: `answers ${error.status} to a request about existing orders ${title}, and switches nothing`,
      statements: [error.id, ...claims],
      safety: "refused",
      needs: "an order",
      steps(orders) {
        const steps = requests(orders).map((json) => {
          const send = requestOf(operation, json);
          return { send: { ...send, ...change(JSON.stringify(json)) }, expect: expectProblem(error) };
        });
        return leaving({ change: null, claims }, steps);
      },
    }),
  );
}

function typed(mediaType: string): Pick<StepRequest, "headers"> {
  return { headers: { "content-type": mediaType } };
}

function withComma(json: string): string {
  return `${json.slice(0, -1)},}`;
}

function tooLong(json: string): string {
  return json.padEnd(requestBodyLimit + 1);
}

/** How a request with a query and no body fails: the method that the path takes, and the paths below it. */
export function queryTransportCases(operation: Operation): ServerCase[] {
  const { id } = operation;
  const { methodNotAllowed, notFound } = transportErrors;
  const good = requestOf(operation, {});
  const post = { ...good, method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
  return [
    transportCase(methodNotAllowed, `${id}/POST`, `the method POST on the path of ${id}`, post),
    transportCase(notFound, `${id}/unknown-path`, `a path below that of ${id}`, below(good)),
  ];
}

function below(request: StepRequest): StepRequest {
  return { ...request, path: `${request.path}/no-such-path` };
}

function transportCase(error: TransportError, id: string, title: string, send: StepRequest): ServerCase {
  const { methodNotAllowed, tooLarge } = transportErrors;
  const allow = error === methodNotAllowed ? { allow: send.operation.method } : {};
  // The path names an account, and a faulty server may act on a method that does more than read. A large body costs a
  // server something, so it is not sent to one of others without consent.
  const isRisky = error === tooLarge || (error === methodNotAllowed && send.method !== "GET");
  return serverCase({
    id: `${error.id}/${id}`,
    title: `answers ${error.status} to ${title}`,
    statements: [error.id],
    safety: isRisky ? "refused" : "harmless",
    // These cases come last, so that a change by any earlier one that only reads shows here as well.
    steps: () => [{ send, expect: expectProblem(error, allow), leaves: { change: null, claims: [] } }],
  });
}

/** The same ASCII text with one letter replaced by a byte that occurs nowhere in UTF-8. */
function invalidUtf8(text: string): Uint8Array<ArrayBuffer> {
  // Not by TextEncoder: this runs at import, and jsdom has none.
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  bytes[text.search(/[a-z]/)] = 0xff;
  return bytes;
}
