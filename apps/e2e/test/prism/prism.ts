import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

/** One complaint of the judge. */
export interface Violation {
  readonly location: readonly string[];
  readonly message: string;
}

/** A proxy that passes everything on and holds both directions to the document. */
export interface Judge {
  readonly url: string;
  close(): Promise<void>;
}

/** The document as it is committed. */
const document = fileURLToPath(new URL("../../../../docs/openapi.json", import.meta.url));

/** Starts Prism as a validating proxy in front of a server. */
export async function startJudge(upstream: string): Promise<Judge> {
  const prism = createRequire(import.meta.url).resolve("@stoplight/prism-cli/dist/index.js");
  const port = await freePort();
  const args = [prism, "proxy", document, upstream, "--host", "127.0.0.1", "--port", String(port)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  await listening(child);
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

/** What the judge says of one exchange: its complaints are in a header of the answer. */
export function violationsOf(answer: Response): Violation[] {
  return JSON.parse(answer.headers.get("sl-violations") ?? "[]");
}

/** Waits for the line that says so, and reads on after it: a pipe that nobody reads stops the one that writes. */
function listening(child: ChildProcessByStdio<null, Readable, Readable>): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const read = (chunk: Buffer) => {
      said += chunk;
      if (said.includes("is listening")) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", () => reject(new Error(`Prism did not start: ${said}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
