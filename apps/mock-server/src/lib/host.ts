import { isIPv6 } from "node:net";

/**
 * The canonical spelling of a host: `[::1]` and `127.1` are addresses, too. It throws a RangeError for more than a host.
 */
export function canonicalHost(host: string): string {
  const name = host.trim().replace(/^\[(.*)\]$/, "$1");
  const isAddress6 = isIPv6(name);
  // A zone, as in ::1%lo, is no part of a URL.
  if (isAddress6 && name.includes("%")) return name;
  const url = `http://${isAddress6 ? `[${name}]` : name}/`;
  if ((!isAddress6 && /[/?#@:\\]/.test(name)) || !URL.canParse(url)) {
    throw new RangeError(
      "The host can't be used: give a name or an address alone, without a scheme, port or path, such as 127.0.0.1.",
    );
  }
  const { hostname } = new URL(url);
  // The same address as IPv4, in hexadecimal digits by then.
  const mapped = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(hostname);
  if (!mapped) return hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  const [high = 0, low = 0] = mapped.slice(1).map((part) => Number.parseInt(part, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
