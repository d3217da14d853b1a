/** The pairs of a flat list of headers, in which names and values stand in turn, as in Node's `rawHeaders`. */
export function headerPairs(headers: readonly string[]): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < headers.length; index += 2) {
    pairs.push([headers[index] ?? "", headers[index + 1] ?? ""]);
  }
  return pairs;
}

/** Whether a flat list of headers has one of this lower-case name. */
export function hasHeader(headers: readonly string[], name: string): boolean {
  for (let index = 0; index < headers.length; index += 2) if (headers[index] === name) return true;
  return false;
}

/** The same flat list with these headers, by lower-case name, in place of those that it had of them. */
export function withHeaders(headers: readonly string[], set: Readonly<Record<string, string>>): string[] {
  const kept = headerPairs(headers).filter(([name]) => !Object.hasOwn(set, name));
  return [...kept, ...Object.entries(set)].flat();
}

/** Whether answers with a status have no body, whatever was to be sent (RFC 9110). */
export function hasNullBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** How long a body is, as a header in a flat list; none where the status of the answer forbids it (RFC 9110). */
export function bodyLength(status: number, length: number): string[] {
  return status === 204 || status === 304 ? [] : ["content-length", String(length)];
}
