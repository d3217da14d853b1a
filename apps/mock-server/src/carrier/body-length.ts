/** How long a body is, as a header in a flat list; none where the status of the answer forbids it (RFC 9110). */
export function bodyLength(status: number, length: number): string[] {
  return status === 204 || status === 304 ? [] : ["content-length", String(length)];
}
