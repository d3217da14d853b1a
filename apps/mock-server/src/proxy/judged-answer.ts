import type { Envelope } from "../engine/outcome.js";

/** An answer as it is judged: without API keys and credentials, for what is wrong is quoted. */
export interface JudgedAnswer {
  readonly status: number;
  /** Without its parameters, in lower case; empty where there is none. */
  readonly mediaType: string;
  /** The methods that it says are allowed. */
  readonly allowed: readonly string[];
  /** `undefined` where the body is no JSON. */
  readonly json: unknown;
  /** Why the body is no JSON, for people; `null` where it is. */
  readonly problem: string | null;
}

/** The envelope in the JSON of an answer, whatever else is wrong with it; `null` where there is none. */
export function envelopeOf(json: unknown): Envelope | null {
  const isOne =
    typeof json === "object" && json !== null && "success" in json && typeof json.success === "boolean";
  return isOne ? (json as Envelope) : null;
}
