/** Whether answers with a status have no body, whatever was to be sent (RFC 9110). */
export function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}
