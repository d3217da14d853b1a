import { headerPairs } from "../lib/headers.js";

/** What is said of one connection only (RFC 9110), and the framing, which is each server's own affair. */
const hopByHop = [
  "connection",
  "content-length",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** What is said to this server, or settled anew with the next one. */
const ownOfRequests = [...hopByHop, "accept-encoding", "expect", "host"];

/** Headers that the mock says something of its own with. */
const prefixOfMock = "mock-";

/** A request, as far as its headers depend on it. */
interface Sending {
  readonly host: string;
  readonly method: string;
  /** In bytes. */
  readonly length: number;
}

/**
 * The headers that a request is passed on with: those that it came with, but for what concerns one connection alone, and
 * for what is meant for the mock.
 *
 * @param raw names and values in turn.
 */
export function passedHeaders(raw: readonly string[], { host, method, length }: Sending): string[] {
  const passed = endToEnd(raw, ownOfRequests).flatMap(([name, value]) => {
    if (name.toLowerCase() !== "prefer") return [name, value];
    const others = otherPreferences(value);
    return others === "" ? [] : [name, others];
  });
  const hasNoBody = length === 0 && (method === "GET" || method === "HEAD");
  return [
    "host",
    host,
    ...passed,
    // What comes back is to be read here, too.
    "accept-encoding",
    "identity",
    ...(hasNoBody ? [] : ["content-length", String(length)]),
  ];
}

/**
 * The headers that an answer is passed back with, their names in lower case.
 *
 * @param raw names and values in turn.
 */
export function answeredHeaders(raw: readonly string[]): string[] {
  return endToEnd(raw, hopByHop).flatMap(([name, value]) => [name.toLowerCase(), value]);
}

/** The value of a header in a flat list of lower-case names and values; an empty text where it is not there. */
export function headerOf(headers: readonly string[], name: string): string {
  return headerPairs(headers).find(([each]) => each === name)?.[1] ?? "";
}

/** The same headers without those of these names. */
export function withoutHeaders(headers: readonly string[], names: readonly string[]): string[] {
  return headerPairs(headers)
    .filter(([name]) => !names.includes(name))
    .flat();
}

function endToEnd(raw: readonly string[], dropped: readonly string[]): [string, string][] {
  const pairs = headerPairs(raw);
  const named = pairs
    .filter(([name]) => name.toLowerCase() === "connection")
    .flatMap(([, value]) => value.split(",").map((part) => part.trim().toLowerCase()));
  return pairs.filter(([name]) => {
    const lower = name.toLowerCase();
    return !dropped.includes(lower) && !named.includes(lower) && !lower.startsWith(prefixOfMock);
  });
}

/** What a `Prefer` header wants besides faults. */
function otherPreferences(value: string): string {
  const preferences = value.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  return preferences.filter((each) => !/^\s*fault\s*(?:[=;]|$)/i.test(each)).join(",");
}
