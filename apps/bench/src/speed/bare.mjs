// The least that a server can do for the same requests: read, parse, stringify, answer. Its first argument is a file with
// what it answers: the headers and bodies of the mock, by the number in the request's header.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

/** @type {{ keepAliveMs: number, answers: Record<string, { headers: Record<string, string>, body: string }> }} */
const { keepAliveMs, answers } = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
const prepared = new Map(
  Object.entries(answers).map(([number, { headers, body }]) => [number, { headers, body: JSON.parse(body) }]),
);

const server = createServer({ keepAliveTimeout: keepAliveMs }, (request, response) => {
  /** @type {Buffer[]} */
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const text = Buffer.concat(chunks).toString();
    const input = text === "" ? {} : JSON.parse(text);
    const answer = prepared.get(String(request.headers["bench-request"]));
    if (!answer || typeof input !== "object") {
      response.writeHead(404, { "content-length": 0 }).end();
      return;
    }
    const body = JSON.stringify(answer.body);
    response.writeHead(200, { ...answer.headers, "content-length": Buffer.byteLength(body) });
    response.end(body);
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address && typeof address === "object") console.log(`ready at http://127.0.0.1:${address.port}`);
});
