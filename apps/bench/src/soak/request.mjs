import { fillPath, setAutoExtend } from "@auto-extend/core";

/** The path of the operation for an API key. */
export const pathOf = (apiKey) => fillPath(setAutoExtend.path, { apiKey });

/**
 * A request as it goes over the wire.
 *
 * @param {{ method?: string, path: string, headers?: Record<string, string>, body?: string }} request
 */
export function wire({ method = "POST", path, headers = {}, body = "" }) {
  const all = { host: "127.0.0.1", "content-type": "application/json", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** The operation's request, as it goes over the wire. */
export function call(apiKey, request, headers = {}) {
  return wire({ path: pathOf(apiKey), headers, body: JSON.stringify(request) });
}

/** A request of the control API, as it goes over the wire. */
export function control(method, path, body) {
  return wire({ method, path: `/__mock${path}`, body: body === undefined ? "" : JSON.stringify(body) });
}
