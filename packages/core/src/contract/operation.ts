import type { z } from "zod";
import type { Evidence, Statement } from "../evidence.js";
import type { ProxyType } from "../proxy-types.js";
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
  /** What is sent. */
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
    readonly byType: Readonly<Record<ProxyType, Example>>;
    /** The error as the reference documents it. */
    readonly failure: unknown;
    /** One failure for each error code that concerns the operation, by code. */
    readonly failures: readonly FailureExample[];
  };
}

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
  /**
   * The id of a less sure statement that the probe stands for, such as what becomes of a field that is missing; where
   * left out, the rule itself is what it stands for.
   */
  readonly leansOn?: string;
  /** An API key to send in place of the caller's. */
  readonly apiKey?: string;
  /** The body to send: `valid` is a request that would succeed, `other` one of another proxy type. */
  readonly body: (valid: Record<string, unknown>, other: Record<string, unknown>) => unknown;
}
