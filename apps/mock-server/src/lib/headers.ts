/** The pairs of a flat list of headers, in which names and values alternate, as in Node's `rawHeaders`. */
export function headerPairs(headers: readonly string[]): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < headers.length; index += 2) {
    pairs.push([headers[index] ?? "", headers[index + 1] ?? ""]);
  }
  return pairs;
}

/** A flat list of headers with some of them, by lower-case name, set to other values. */
export function withHeaders(headers: readonly string[], set: Readonly<Record<string, string>>): string[] {
  const others = headerPairs(headers).filter(([name]) => !Object.hasOwn(set, name));
  return [...others, ...Object.entries(set)].flat();
}

/** The value of a header as it was meant: curl sends it as UTF-8, browsers as Latin-1, and Node reads either as Latin-1. */
export function decodeHeader(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value;
  try {
    const bytes = Uint8Array.from(value, (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return value;
  }
}

/** Whether answers with a status have no body, whatever was to be sent (RFC 9110). */
export function hasNullBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** How long a body is, as a header in a flat list; empty if the status of the answer forbids it (RFC 9110). */
export function bodyLength(status: number, length: number): string[] {
  return status === 204 || status === 304 ? [] : ["content-length", String(length)];
}
