import type { ClientCase } from "./client-case.js";

/** Enacts the script of one case: in the process by {@link scriptedFetch}, or as a real server. */
export type Carrier = (script: ClientCase["script"]) => ScriptedServer | Promise<ScriptedServer>;

/** A server that answers by a script. */
export interface ScriptedServer {
  /** The `fetch` that reaches it. */
  readonly fetch: typeof fetch;
  /** Where it is, without a slash at its end. */
  readonly baseUrl: string;
  /** What was sent to it so far, in order; the list grows. */
  readonly sent: readonly SentRequest[];
  readonly close: () => void | Promise<void>;
}

/** A request as it reached the scripted server. */
export interface SentRequest {
  readonly method: string;
  /** The path, and a query where there is one. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The answer to the request of a given index, from 0 on: the last one repeats. */
export function answerAt(script: ClientCase["script"], index: number): ClientCase["script"][number] {
  return script[Math.min(index, script.length - 1)] ?? script[0];
}
