import type { z } from "zod/v3";
import { requireErrorCode } from "./error-codes.js";
import type { Evidence, Statement } from "./evidence.js";
import type { Issue } from "./issue.js";

/** One request of the provider's API as a value: server, client, CLI, contract tests and documents all read it. */
export interface Operation extends Evidence {
  /** Unique name, also the `operationId` of the OpenAPI document. */
  readonly id: string;
  readonly method: "GET" | "POST";
  /** Path with `{parameters}`. */
  readonly path: string;
  readonly pathParameters: z.AnyZodObject;
  /** One line for lists. */
  readonly summary: string;
  readonly description: string;
  /** Whether it changes anything at the provider; where it doesn't, nothing is lost by an answer that never came. */
  readonly changes: boolean;
  /** Whether its answers hold credentials of proxies, which are nobody's but the caller's. */
  readonly hasCredentials: boolean;
  /** How large an answer a caller reads, in bytes; {@link answerLimit} where left out. */
  readonly answerLimit?: number;
  /** What is sent: the JSON body of a POST, the query of a GET, whose values are strings. */
  readonly request: z.AnyZodObject;
  /** What a server answers, strictly: mock, documents and contract tests go by it. */
  readonly emits: Answers;
  /** What a caller puts up with: the client goes by it. Every emitted answer is accepted. */
  readonly accepts: Answers;
  /** What the schemas can't say: how an answer contradicts itself or the request. Empty where it doesn't. */
  readonly check: (request: object, answer: { readonly success: boolean }) => Issue[];
  /** What is claimed of the request beyond its rules, each with its grade. */
  readonly statements: readonly Statement[];
  /** The provider's rules in the order they are tried; the first broken one decides the answer. */
  readonly rules: readonly Rule[];
  readonly examples: {
    /** By a name of its own, such as that of the proxy type. */
    readonly requests: Readonly<Record<string, Example>>;
    /** The error as the reference documents it. */
    readonly failure: unknown;
    /** One failure for each error code that concerns the operation, by code. */
    readonly failures: readonly FailureExample[];
  };
}

/** How large an answer a caller reads, in bytes, where its operation does not say so: 16 MiB. */
export const answerLimit = 16 * 1024 * 1024;

/** The two answers of an operation; `success` tells which one came, the HTTP status does not. */
export interface Answers {
  readonly success: z.AnyZodObject;
  readonly failure: z.AnyZodObject;
}

/** A request and the success that answers it. */
export interface Example {
  readonly request: unknown;
  readonly success: unknown;
}

/** A failure with one of the catalogue's error codes. */
export interface FailureExample {
  readonly code: number;
  readonly failure: unknown;
}

/** One of the provider's rules: what must hold, which error code says that it doesn't, and how sure we are. */
export interface Rule extends Statement {
  /** The error code of the answer where the rule is broken. */
  readonly code: number;
  /** Requests that break the rule; an answer with another code would disprove it. */
  readonly probes: readonly Probe[];
}

/** A request that breaks one rule, made from one that breaks none. */
export interface Probe {
  /** Unique within its rule. */
  readonly id: string;
  /** What is wrong with the request, for people. */
  readonly title: string;
  /**
   * Whether the request names orders that exist. Without, it names a proxy type or order ids that can't exist, so that
   * no server can act on it.
   */
  readonly needsOrders: boolean;
  /** Whether it names an order of another proxy type as well. */
  readonly needsOtherType?: true;
  /** Whether it is made from a request that names all IP addresses of an IPv6 order with several of them. */
  readonly needsSeveralAddresses?: true;
  /**
   * The id of a less sure statement that the probe stands for, such as what becomes of a field that is missing; where
   * left out, the rule itself is what it stands for.
   */
  readonly dependsOn?: string;
  /** An API key to send in place of the caller's. */
  readonly apiKey?: string;
  /** The body or query to send: `valid` is a request that would succeed, `other` one of another proxy type. */
  readonly request: (valid: Request, other: Request) => unknown;
}

/** What is sent, by field. */
export type Request = Readonly<Record<string, unknown>>;

/** The failures of an operation: one for each error code of its rules, and one for an unknown error. */
export function failuresOf<Failure>(
  rules: readonly Pick<Rule, "code">[],
  failureOf: (error: { code: number; message: string }) => Failure,
): { code: number; failure: Failure }[] {
  const codes = new Set([...rules.map(({ code }) => code), unknownErrorCode]);
  return [...codes]
    .sort((a, b) => a - b)
    .map((code) => ({ code, failure: failureOf({ code, message: requireErrorCode(code).message.text }) }));
}

/** What the provider answers where it can't say what went wrong (observed). */
const unknownErrorCode = 35;
