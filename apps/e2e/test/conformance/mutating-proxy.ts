import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A request on its way to the right server. */
export interface PassingRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An answer on its way back. */
export interface PassingAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Whether the length is left out, so that the body comes in chunks. */
  readonly chunked?: boolean;
}

/** What a proxy changes on the way; what it leaves alone passes as it is. */
export interface Mutation {
  /** Changes a request, or answers it in place of the right server. */
  readonly request?: (request: PassingRequest) => PassingRequest | PassingAnswer;
  /** Changes an answer, or loses it. */
  readonly answer?: (answer: PassingAnswer, request: PassingRequest) => PassingAnswer | "reset" | "hang";
}

/** A proxy that listens. */
export interface MutatingProxy {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Puts a proxy in front of a right server that makes another server of it. */
export async function startMutatingProxy(target: string, mutation: Mutation): Promise<MutatingProxy> {
  const { request: mutateRequest = (request) => request, answer: mutateAnswer = (answer) => answer } =
    mutation;
  const server = createServer(async (incoming, response) => {
    const request = await received(incoming);
    const mutated = mutateRequest(request);
    const answer = "status" in mutated ? mutated : await forward(target, mutated);
    deliver(mutateAnswer(answer, request), response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function received(incoming: IncomingMessage): Promise<PassingRequest> {
  const { method = "", url = "" } = incoming;
  return { method, path: url, headers: plainHeaders(incoming), body: await buffer(incoming) };
}

function forward(target: string, { method, path, headers, body }: PassingRequest): Promise<PassingAnswer> {
  const { "transfer-encoding": _, ...rest } = headers;
  return new Promise((resolve, reject) => {
    const outgoing = sendRequest(
      target + path,
      { method, headers: { ...rest, "content-length": body.length } },
      async (incoming) => {
        const { statusCode: status = 0 } = incoming;
        resolve({ status, headers: plainHeaders(incoming), body: await buffer(incoming) });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function deliver(answer: PassingAnswer | "reset" | "hang", response: ServerResponse): void {
  if (answer === "hang") return;
  if (answer === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  const { status, headers, body, chunked = false } = answer;
  // The length is that of the new body, and the framing is this server's affair.
  const framing = ["content-length", "transfer-encoding"];
  const own = Object.entries(headers).filter(([name]) => !framing.includes(name.toLowerCase()));
  response.writeHead(status, {
    ...Object.fromEntries(own),
    ...(chunked ? {} : { "content-length": body.length }),
  });
  if (chunked) response.write(body.subarray(0, 5));
  response.end(chunked ? body.subarray(5) : body);
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
