/**
 * What Node's `fetch` throws where a connection ends that stood: nobody can tell from it whether the request arrived.
 *
 * @param message what it says where no answer came, `fetch failed`, or not all of it, `terminated`.
 */
export function connectionEnded(message: "fetch failed" | "terminated"): TypeError {
  const cause = Object.assign(new Error("other side closed"), {
    name: "SocketError",
    code: "UND_ERR_SOCKET",
  });
  return new TypeError(message, { cause });
}
