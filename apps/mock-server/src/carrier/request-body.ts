import type { IncomingMessage } from "node:http";

/**
 * Reads a request's body, up to a limit in bytes.
 *
 * @returns the bytes, or that there were more. What is over the limit is let go by unread: the answer can leave at
 * once, and a client that is still sending is not cut off before it reads it.
 * @throws where the request breaks off.
 */
export function readRequestBody(request: IncomingMessage, limit: number): Promise<Uint8Array | "too-large"> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    request.on("data", (chunk: Uint8Array) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else {
        chunks.length = 0;
        resolve("too-large");
      }
    });
    request.on("end", () => {
      const [first] = chunks;
      resolve(chunks.length === 1 && first ? first : Buffer.concat(chunks));
    });
    request.on("error", reject);
    request.on("close", () => {
      // Nearly every request ends well: an error, which records its stack, is only made for one that doesn't.
      if (!request.complete) reject(new Error("The request broke off."));
    });
  });
}
