import { matchPath, operations, redacted, transportErrors } from "@auto-extend/core";
import { nearestOf } from "../../lib/text.js";
import { hideKeysInPath, hideKeysInQuery } from "../log/hide-keys.js";
import { wrongMethodProblem } from "../problem.js";
import type { EngineProblem, Handler, Route, ServedOperation } from "../types.js";
import { getBalanceHandler, getRentPeriodsHandler } from "./balance-and-periods.js";
import { listIpAddressesHandler } from "./list-ip-addresses.js";
import { priceExtensionByIpAddressHandler, priceExtensionHandler } from "./price-extension.js";
import { setAutoExtendByIpAddressHandler, setAutoExtendHandler } from "./switch-auto-extend.js";

/** The operations that the mock serves, and how a request finds its operation. */

export const handlers: Readonly<Record<ServedOperation["id"], Handler>> = {
  setAutoExtend: setAutoExtendHandler,
  setAutoExtendByIpAddress: setAutoExtendByIpAddressHandler,
  listIpAddresses: listIpAddressesHandler,
  priceExtension: priceExtensionHandler,
  priceExtensionByIpAddress: priceExtensionByIpAddressHandler,
  getRentPeriods: getRentPeriodsHandler,
  getBalance: getBalanceHandler,
};

/** Every path of the contract starts with this, followed by the API key. */
const prefix = "/client/api/v1/";

/** The operations by what follows the API key in their paths, with the path as it may be logged. */
const bySuffix = new Map<string, { operation: ServedOperation; handler: Handler; shown: string }>(
  operations.map((operation) => {
    const suffix = operation.path.slice(`${prefix}{apiKey}`.length);
    return [suffix, { operation, handler: handlers[operation.id], shown: `${prefix}${redacted}${suffix}` }];
  }),
);

/** Step 1: finds the operation for a method and a target, and the API key in its path. */
export function findOperation(method: string, target: string): Route {
  const query = target.indexOf("?");
  const path = query === -1 ? target : target.slice(0, query);
  const keyEnd = path.startsWith(prefix) ? path.indexOf("/", prefix.length) : -1;
  const found = keyEnd === -1 ? undefined : bySuffix.get(path.slice(keyEnd));
  const segment = path.slice(prefix.length, keyEnd);
  const apiKey = segment.includes("%") ? decodeKey(segment) : segment;
  if (!found || found.operation.method !== method || apiKey === "") return findNone(method, path, target);
  const { operation, handler, shown } = found;
  if (query === -1)
    return { operation, handler, apiKey, shownTarget: shown, secrets: noSecrets, problem: undefined };
  const inQuery = hideKeysInQuery(target.slice(query));
  const shownTarget = shown + inQuery.shown;
  return { operation, handler, apiKey, shownTarget, secrets: inQuery.keys, problem: undefined };
}

const noSecrets: readonly string[] = [];

/** The API key in a path segment; empty if it cannot be decoded. */
function decodeKey(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "";
  }
}

/** The problem with a method and path that match no operation. */
function findNone(method: string, path: string, target: string): Route {
  const inPath = hideKeysInPath(path);
  const inQuery = hideKeysInQuery(target.slice(path.length));
  const allowed = operations
    .filter((operation) => matchPath(operation.path, path))
    .map(({ method }) => method);
  return {
    operation: null,
    handler: null,
    apiKey: inPath.keys[0] ?? "",
    shownTarget: inPath.shown + inQuery.shown,
    secrets: [...inPath.keys, ...inQuery.keys],
    problem:
      allowed.length > 0
        ? wrongMethodProblem(allowed.join(", "))
        : notFound(path, `${method} ${inPath.shown}`),
  };
}

function notFound(path: string, shownLine: string): EngineProblem {
  const known = operations.map(({ method, path: pattern }) => `${method} ${pattern}`);
  const line = shownLine.replace(redacted, "{apiKey}");
  // All begin alike, which would make each seem near.
  const ending = (each: string) => each.replace(/ .*\{apiKey\}/, " ");
  // Where another part is hidden, nobody can say how near it is.
  const nearest = line.includes(redacted) ? undefined : nearestOf(ending(line), known.map(ending));
  const found = known.find((each) => ending(each) === nearest);
  const error = transportErrors.notFound;
  const message = keyProblem(path);
  if (message !== undefined) {
    return { error, issue: { part: "path", path: "apiKey", message, expected: "" } };
  }
  if (found !== undefined) {
    return {
      error,
      issue: { part: "path", path: "", message: `the nearest path is "${found}"`, expected: found },
    };
  }
  const remark = `the known ones are ${known.join(", ")}`;
  const expected = `one of ${known.join(", ")}`;
  return {
    error,
    remark,
    issue: { part: "path", path: "", message: "no operation has this path", expected },
  };
}

/** The problem with the API key of a path that is an operation's otherwise. */
function keyProblem(path: string): string | undefined {
  if (path.includes("/api/v1//")) return "the API key in the path is empty";
  const suffix = [...bySuffix.keys()].find((each) => path.endsWith(each));
  if (suffix === undefined || !path.startsWith(prefix)) return undefined;
  const segment = path.slice(prefix.length, -suffix.length);
  if (segment === "") return "the path has no API key";
  return segment.includes("/")
    ? "a slash in the API key must be written as %2F"
    : "the API key in the path is not valid URL encoding";
}
