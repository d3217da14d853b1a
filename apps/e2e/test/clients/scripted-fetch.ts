import { answerAt, type ScriptedServer, type SentRequest } from "./carrier.js";
import type { ClientCase, GivenAnswer, LostAnswer } from "./client-case.js";

// A name that means this machine, at which nothing is reached but through this fetch.
const baseUrl = "http://scripted.localhost";
/** How often `fetch` follows redirects. */
const mostRedirects = 20;
const beginning = '{"success":true,';

/** Enacts a script in the process: a `fetch` that needs no network. It treats redirects and signals as `fetch` does. */
export function scriptedFetch(script: ClientCase["script"]): ScriptedServer {
  const sent: SentRequest[] = [];

  async function enact(request: Request, redirects: number): Promise<Response> {
    request.signal.throwIfAborted();
    const answer = answerAt(script, sent.length);
    if ("lose" in answer) {
      if (answer.lose !== "refuse") sent.push(await recorded(request));
      return lose(answer.lose, request.signal);
    }
    sent.push(await recorded(request));
    const location = answer.headers?.location;
    if (location === undefined || request.redirect === "manual") return responseOf(answer);
    if (request.redirect === "error" || redirects === mostRedirects) throw new TypeError("fetch failed");
    return enact(new Request(new URL(location, request.url), { signal: request.signal }), redirects + 1);
  }

  return {
    fetch: async (input, init) => enact(new Request(input, init), 0),
    baseUrl,
    sent,
    close: () => {},
  };
}

async function recorded(request: Request): Promise<SentRequest> {
  const { pathname, search } = new URL(request.url);
  return {
    method: request.method,
    path: pathname + search,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  };
}

function lose(how: LostAnswer["lose"], signal: AbortSignal): Response | Promise<Response> {
  switch (how) {
    case "refuse":
      throw networkError("ECONNREFUSED", "connect ECONNREFUSED", "connect");
    case "reset":
      throw networkError("ECONNRESET", "read ECONNRESET", "read");
    case "hang":
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    case "cut":
      return partOfBody((controller) =>
        controller.error(networkError("UND_ERR_SOCKET", "other side closed")),
      );
    case "stall":
      return partOfBody((controller) => {
        signal.addEventListener("abort", () => controller.error(signal.reason));
      });
  }
}

function partOfBody(end: (controller: ReadableStreamDefaultController<Uint8Array>) => void): Response {
  let begun = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (begun) return end(controller);
      begun = true;
      controller.enqueue(new TextEncoder().encode(beginning));
    },
  });
  return new Response(body, { headers: { "content-type": "application/json" } });
}

function responseOf({ status = 200, headers, body, padding = 0 }: GivenAnswer): Response {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : new Uint8Array(body);
  const parts = padding > 0 ? new Blob([" ".repeat(padding), bytes]).stream() : bytes;
  // These statuses must come without a body.
  const content = status === 204 || status === 304 ? null : parts;
  return new Response(content, { status, headers: headers ?? { "content-type": "application/json" } });
}

function networkError(code: string, message: string, syscall?: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code, syscall }) });
}
