import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface PassingRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface PassingAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Whether the length is left out, so that the body comes in chunks. */
  readonly chunked?: boolean;
}

/** The way in which a proxy makes another server of the correct one. */
export interface Mutation {
  /** Another request that is sent to the correct server first, and its answer dropped. */
  readonly also?: (request: PassingRequest) => PassingRequest | undefined;
  /** Changes a request, or answers it in place of the correct server. */
  readonly request?: (request: PassingRequest) => PassingRequest | PassingAnswer;
  /** Changes an answer, or loses it. */
  readonly answer?: (answer: PassingAnswer, request: PassingRequest) => PassingAnswer | "reset" | "hang";
}

export interface MutatingProxy {
  readonly url: string;
  /** Makes another server of it, from the next request on. */
  become(mutation: Mutation): void;
  readonly close: () => Promise<void>;
}

/** Listens on a socket and passes requests on to a correct server in this process. */
export async function startMutatingProxy(target: typeof fetch): Promise<MutatingProxy> {
  let current: Mutation = {};
  const server = createServer(async (incoming, response) => {
    const mutation = current;
    deliver(await mutated(target, mutation, await received(incoming)), response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    become(mutation) {
      current = mutation;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The same without a socket, for mutations that do not depend on one: it takes a fifth of the processor time. */
export function mutatingFetch(target: typeof fetch, mutation: Mutation): typeof fetch {
  return async (input, init) => {
    const { pathname, search } = new URL(String(input));
    const answer = await mutated(target, mutation, {
      method: init?.method ?? "GET",
      path: pathname + search,
      headers: Object.fromEntries(new Headers(init?.headers)),
      body: Buffer.from((init?.body ?? "") as Uint8Array),
    });
    if (answer === "reset") throw new TypeError("fetch failed", { cause: new Error("read ECONNRESET") });
    if (answer === "hang") {
      return new Promise((_, reject) => {
        const { signal } = init ?? {};
        signal?.addEventListener("abort", () => reject(signal.reason));
      });
    }
    const { status, headers, body } = answer;
    return new Response(new Uint8Array(body), { status, headers });
  };
}

async function mutated(
  target: typeof fetch,
  {
    also,
    request: mutateRequest = (request) => request,
    answer: mutateAnswer = (answer) => answer,
  }: Mutation,
  request: PassingRequest,
): Promise<PassingAnswer | "reset" | "hang"> {
  const other = also?.(request);
  if (other) await forward(target, other);
  const passing = mutateRequest(request);
  return mutateAnswer("status" in passing ? passing : await forward(target, passing), request);
}

async function received(incoming: IncomingMessage): Promise<PassingRequest> {
  const { method = "", url = "" } = incoming;
  return { method, path: url, headers: plainHeaders(incoming), body: await buffer(incoming) };
}

async function forward(
  target: typeof fetch,
  { method, path, headers, body }: PassingRequest,
): Promise<PassingAnswer> {
  const answer = await target(`http://127.0.0.1${path}`, {
    method,
    headers,
    ...(method === "GET" || method === "HEAD" ? {} : { body: new Uint8Array(body) }),
  });
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: Buffer.from(await answer.arrayBuffer()),
  };
}

function deliver(answer: PassingAnswer | "reset" | "hang", response: ServerResponse): void {
  if (answer === "hang") return;
  if (answer === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  const { status, headers, body, chunked = false } = answer;
  // The length is that of the new body, and how it is framed is up to this server.
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
