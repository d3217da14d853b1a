import { answerLimit, fillPath, parseBody } from "@auto-extend/core";
import type { Answer, StepRequest } from "../cases/case.js";
import type { CheckedTarget } from "./target.js";

/** Why there is no answer, or none that could be read to its end. */
export interface NoAnswer {
  readonly failure: string;
}

/** The full URL of a request, with the API key in it. */
export function urlOf(request: StepRequest, target: CheckedTarget): string {
  return target.baseUrl + fillPath(request.path, { apiKey: request.apiKey ?? target.apiKey });
}

/**
 * Sends a request and reads the answer. Redirects are not followed.
 *
 * @throws only the reason of the target's signal, once it is aborted.
 */
export function exchange(request: StepRequest, target: CheckedTarget): Promise<Answer | NoAnswer> {
  return attempt(target, async (signal) => {
    const body = await bodyOf(request);
    const response = await target.fetch(urlOf(request, target), {
      method: request.method,
      headers: request.headers,
      redirect: "manual",
      signal,
      ...(body === undefined ? {} : { body }),
    });
    const text = await boundedText(response, request.operation.answerLimit ?? answerLimit);
    const { status, headers } = response;
    return { status, headers: Object.fromEntries(headers), text, body: parseBody(text) };
  });
}

/** Checks whether anything answers at a target. The API key is not sent. */
export function reach(target: CheckedTarget): Promise<object | NoAnswer> {
  return attempt(target, async (signal) => {
    const response = await target.fetch(`${target.baseUrl}/`, { redirect: "manual", signal });
    await response.body?.cancel();
    return {};
  });
}

async function attempt<Result>(
  { signal, timeout }: CheckedTarget,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | NoAnswer> {
  const clock = AbortSignal.timeout(timeout);
  try {
    return await work(signal ? AbortSignal.any([signal, clock]) : clock);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (clock.aborted) return { failure: `no complete answer within ${timeout} ms` };
    return { failure: reasonOf(error) };
  }
}

/** The body as bytes, so that `fetch` adds no media type. */
async function bodyOf({ headers, body }: StepRequest): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (body === undefined) return undefined;
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : new Uint8Array(body);
  if (headers["content-encoding"] !== "gzip") return bytes;
  const zipped = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(zipped).arrayBuffer());
}

async function boundedText(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new RangeError(`the answer is larger than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** `fetch` hides the reason in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const code = "code" in cause ? String(cause.code) : "";
  return [code, cause.message].filter((text) => text !== "").join(": ") || error.message;
}
