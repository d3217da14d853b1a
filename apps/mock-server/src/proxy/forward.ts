import { request as requestOverHttp } from "node:http";
import { request as requestOverHttps } from "node:https";
import { urlToHttpOptions } from "node:url";
import { answerLimit, type BaseUrl } from "@auto-extend/core";
import { answeredHeaders, passedHeaders } from "./headers.js";
import { type NoAnswer, noAnswer, reasonOf } from "./no-answer.js";

/** A request to be passed on. */
export interface Passing {
  readonly method: string;
  /** Path and query, as they came. */
  readonly target: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Uint8Array;
  /** How large an answer is taken, in bytes; {@link answerLimit} where left out. */
  readonly limit?: number | undefined;
}

/** An answer as it came, redirects included. */
export interface Answer {
  readonly status: number;
  /** Lower-case names and values in turn, without those that concern one connection alone. */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
}

/** Passes a request on, and reads the whole answer; it never rejects. */
export type Forward = (passing: Passing) => Promise<Answer | NoAnswer>;

interface ForwardOptions {
  /** How long a whole answer may take, in milliseconds. */
  readonly timeout: number;
}

/**
 * Passes requests on to a server. Each goes over a connection of its own: one that was kept may be closed by the server
 * just as it is used again, and would look like an answer that was lost. What `fetch` does beyond that, no
 * proxy may: to write the path anew, to follow a redirect, to unpack an answer.
 */
export function createForward(upstream: BaseUrl, { timeout }: ForwardOptions): Forward {
  const { protocol, hostname, port, path = "" } = urlToHttpOptions(new URL(upstream.href));
  const isTls = protocol === "https:";
  const send = isTls ? requestOverHttps : requestOverHttp;
  const basePath = path === "/" ? "" : path;

  return ({ method, target, rawHeaders, body, limit = answerLimit }) =>
    new Promise((resolve) => {
      let isConnected = false;
      const headers = passedHeaders(rawHeaders, { host: upstream.host, method, length: body.length });
      const outgoing = begun(() =>
        send({ hostname, port, method, path: basePath + target, headers, agent: false }),
      );
      if (!outgoing) return resolve(noAnswer("unreachable", "the request can't be passed on as it came"));

      const timer = setTimeout(() => {
        const what = isConnected ? "no whole answer" : "no connection";
        end(noAnswer("timeout", `${what} within ${timeout / 1_000} s`));
      }, timeout);
      // A caller who waits keeps the process; nobody else needs to.
      timer.unref();

      outgoing.on("socket", (socket) => {
        socket.unref();
        socket.once(isTls ? "secureConnect" : "connect", () => {
          isConnected = true;
        });
      });
      outgoing.on("error", fail);
      outgoing.on("response", (incoming) => {
        const chunks: Uint8Array[] = [];
        let size = 0;
        incoming.on("error", fail);
        incoming.on("data", (chunk: Uint8Array) => {
          size += chunk.length;
          if (size > limit) end(noAnswer("tooLarge", `it is larger than ${limit / 1024 / 1024} MiB`));
          else chunks.push(chunk);
        });
        incoming.on("end", () => {
          const { statusCode: status = 0, rawHeaders: came } = incoming;
          end({ status, headers: answeredHeaders(came), body: Buffer.concat(chunks) });
        });
      });
      outgoing.end(body);

      function fail(error: unknown): void {
        end(noAnswer(isConnected ? "brokenOff" : "unreachable", reasonOf(error)));
      }

      function end(result: Answer | NoAnswer): void {
        clearTimeout(timer);
        // What was resolved stays so: an error after the answer is none any more.
        resolve(result);
        outgoing?.destroy();
      }
    });
}

/** Node refuses what it could not write, such as a path with letters that no URL has, by throwing. */
function begun<Outgoing>(begin: () => Outgoing): Outgoing | null {
  try {
    return begin();
  } catch {
    return null;
  }
}
