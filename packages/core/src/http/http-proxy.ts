/** Finds the HTTP proxy that the environment names for a server, by one rule for all programs. */
import { isLoopback } from "./url.js";

/** An HTTP proxy that a variable names. */
export interface HttpProxy {
  /** The variable, as it is spelled in the environment. */
  readonly variable: string;
  /** Its URL, which may hold a password; `null` if the value is not the URL of an HTTP proxy. */
  readonly url: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The HTTP proxy for a server: `HTTPS_PROXY` or `HTTP_PROXY`, by the protocol of the server, or else `ALL_PROXY`. `NO_PROXY`
 * lists hosts that are reached directly. Each variable may be in lower case, which comes first, and an empty one counts
 * as unset.
 *
 * @param href an absolute URL of the server.
 * @returns `null` for a direct connection, which a server on this machine always gets.
 */
export function proxyFor(href: string, env: Environment): HttpProxy | null {
  const server = parseUrl(href);
  if (server === null || isLoopback(server.hostname)) return null;
  const { protocol, hostname, port } = server;
  const variable = nameIn(env, protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY", "ALL_PROXY");
  if (variable === undefined) return null;
  const list = env[nameIn(env, "NO_PROXY") ?? ""] ?? "";
  const target = { hostname, port: port || (protocol === "https:" ? "443" : "80") };
  if (list.split(/[\s,]+/).some((entry) => excludes(entry, target))) return null;
  return { variable, url: proxyUrl(env[variable] ?? "") };
}

/** The first of some variables that is set and not empty, in lower or upper case. */
function nameIn(env: Environment, ...names: readonly string[]): string | undefined {
  return names.flatMap((name) => [name.toLowerCase(), name]).find((name) => env[name]);
}

function proxyUrl(text: string): string | null {
  // Other programs take `proxy.example:3128` as well.
  const url = parseUrl(text.includes("://") ? text : `http://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  if (url.pathname + url.search + url.hash !== "/") return null;
  try {
    // The proxy gets them decoded.
    decodeURIComponent(url.username + url.password);
  } catch {
    return null;
  }
  return url.href;
}

interface Target {
  readonly hostname: string;
  readonly port: string;
}

/**
 * Whether an entry of `NO_PROXY` is about a host. A name includes its subdomains, with or without `.` or `*.` before it, as
 * in curl. Addresses may be ranges such as `10.0.0.0/8`. A port limits an entry to it.
 */
function excludes(entry: string, { hostname, port }: Target): boolean {
  if (entry === "*") return true;
  const [, bracketed, name, itsPort] = /^(?:\[(.*)\]|(.*?))(?::(\d+))?$/.exec(entry) ?? [];
  const isBareIpv6 = name?.includes(":");
  if (itsPort !== undefined && !isBareIpv6 && Number(itsPort) !== Number(port)) return false;
  const text = bracketed ?? (isBareIpv6 ? entry : (name ?? ""));
  const address = bitsOf(hostname);
  if (address !== null) return isWithin(address, text);
  const listed = withoutDot(normalized(text.replace(/^\*?\./, "")));
  return listed !== "" && `.${withoutDot(hostname)}`.endsWith(`.${listed}`);
}

/** Whether the bits of an address are those of an address, or within a range of them. */
function isWithin(address: string, text: string): boolean {
  const [, first = "", length] = /^([^/]*)(?:\/(\d+))?$/.exec(text) ?? [];
  const range = bitsOf(normalized(first.includes(":") ? `[${first}]` : first));
  if (range === null || address.length !== range.length) return false;
  const fixed = Number(length ?? range.length);
  return fixed <= range.length && address.startsWith(range.slice(0, fixed));
}

function withoutDot(hostname: string): string {
  return hostname.replace(/\.$/, "");
}

/** A host as URLs spell it, such as with the parts of an address without leading zeros; empty if it is not one. */
function normalized(host: string): string {
  return parseUrl(`http://${host}`)?.hostname ?? "";
}

/** The bits of an IP address as it stands in a URL; `null` for a name. */
function bitsOf(hostname: string): string | null {
  if (/^\d+(\.\d+){3}$/.test(hostname)) {
    return hostname
      .split(".")
      .map((part) => inBits(Number(part), 8))
      .join("");
  }
  if (!hostname.startsWith("[")) return null;
  const [before = [], after = []] = hostname
    .slice(1, -1)
    .split("::")
    .map((half) => half.split(":").filter((group) => group !== ""));
  const zeros = Array<string>(8 - before.length - after.length).fill("0");
  return [...before, ...zeros, ...after].map((group) => inBits(Number.parseInt(group, 16), 16)).join("");
}

function inBits(number: number, size: number): string {
  return number.toString(2).padStart(size, "0");
}

function parseUrl(text: string) {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
