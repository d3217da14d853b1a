import type { OperationId } from "@auto-extend/core";
import type { SentRequest } from "./carrier.js";
import type { ClientCase, ExpectedOutcome } from "./client-case.js";

/** What the caller of a client learned, as a {@link Driver} tells it. */
export type Outcome = (
  | { readonly outcome: "success"; readonly answer: unknown }
  | {
      readonly outcome: "error";
      /** The name of the error's class; see core's `ErrorName`. */
      readonly error: string;
      /** What the error says was done; see core's `Effect`. */
      readonly effect: string;
      /** The provider's error code, where the error has it. */
      readonly code?: number;
      /** The provider's message, where the error has it. */
      readonly message?: string;
      /** The HTTP status, where the error has it. */
      readonly status?: number;
    }
) & {
  /** Everything that a person or a log gets to see of it: neither the API key nor a proxy's credentials may be in it. */
  readonly shown?: string;
};

/** Calls a client for a case, and tells what its caller learned. It throws only where it does not work itself. */
export type OperationDriver = (clientCase: ClientCase, reach: Reach) => Promise<Outcome>;

/**
 * How a client is called: one function for each operation that it offers, by the operation's id, or one for
 * `setAutoExtend` alone. The cases of the other operations are left out.
 */
export type Driver = OperationDriver | Readonly<Partial<Record<OperationId, OperationDriver>>>;

/** What a driver makes its client with. */
export interface Reach {
  readonly fetch: typeof fetch;
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** What a run of the client cases found: plain JSON, and the API key is not in it. */
export interface ClientReport {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly cases: readonly ClientCaseResult[];
}

/** What became of one case. */
export interface ClientCaseResult {
  readonly id: string;
  readonly title: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly expected: ExpectedOutcome;
  /** What was wrong; empty unless the case failed. */
  readonly problems: readonly ClientProblem[];
  /** What the client sent; empty unless the case failed. */
  readonly sent: readonly SentRequest[];
  /** Why the case was left out; `null` unless it was. */
  readonly skipped: { readonly reason: string } | null;
  /** In milliseconds. */
  readonly duration: number;
}

/** One difference between what was expected and what the client did. */
export interface ClientProblem {
  /** Where, such as `effect` or `sent[0].path`. */
  readonly at: string;
  readonly expected: string;
  readonly came: string;
}
