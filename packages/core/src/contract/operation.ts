import type * as z from "zod/v3";
import type { DocsEntry } from "./docs.js";
import type { Evidence, Statement } from "./evidence.js";

/** One request of the provider's API, apart from the facts about it ({@link OperationSpec}), which a client need not load. */
export interface Operation {
  /** Unique name: the `operationId` of the OpenAPI document, and the client's method. */
  readonly id: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Whether it changes anything at the provider. If not, a lost answer does no harm. */
  readonly changes: boolean;
  /** Whether its answers contain credentials of proxies, which belong to the caller alone. */
  readonly hasCredentials: boolean;
  /** The largest answer that a caller reads, in bytes (default: {@link answerLimit}). */
  readonly answerLimit?: number;
  /** The JSON body of a POST, or the query of a GET, whose values are strings. */
  readonly request: z.AnyZodObject;
  /** The answers that the contract allows, used by documents and contract tests. */
  readonly lawful: Answers;
  /** The answers that a caller can use, used by the client. Every lawful answer is accepted. */
  readonly accepts: Answers;
  /** Finds contradictions that no schema can express: of the answer to itself, or to the request. */
  readonly check: Check;
}

/** The two answers of an operation. `success` in the body says which one came; the HTTP status does not. */
export interface Answers {
  readonly success: z.AnyZodObject;
  readonly failure: z.AnyZodObject;
}

/** The answers of our mock, and where others differ from them in a way that no schema can express. */
export interface EmittedForm extends Answers {
  readonly check?: (answer: unknown) => readonly Issue[];
}

/** A success as a caller accepts it: fields may be missing, and unknown fields are allowed. */
export type Accepted<O extends Operation> = z.infer<O["accepts"]["success"]>;

/** How strictly an answer is checked; see the schema sets of {@link Operation} and {@link OperationSpec}. */
export type Level = "accepts" | "lawful" | "emits";

/** How an answer contradicts itself or the request. It is called only with answers that pass {@link Operation.accepts}. */
export type Check = (
  request: object,
  answer: { readonly success: boolean },
  context: CheckContext,
) => readonly Contradiction[];

export interface CheckContext {
  readonly show: Show;
  readonly headers: AnswerHeaders;
}

/** The headers of an answer, by name in lower case. */
export type AnswerHeaders = Readonly<Record<string, string | undefined>>;

/** Quotes a value in a message: bounded, and without secrets. */
export type Show = (value: unknown) => string;

export interface Contradiction extends Issue {
  /** The part of the answer (default: its body). */
  readonly part?: "body" | "headers";
  /** `accepts` if the answer cannot be used, `lawful` if it can be used, and the contradiction is reported. */
  readonly level: Exclude<Level, "emits">;
  /** The name of the contradicted statement, without the operation's ID (default: `success` or `failure`). */
  readonly statement?: string;
}

/** One thing wrong with a request or an answer. */
export interface Issue {
  /** The place, such as `orderIds[0]`; empty for the whole request or answer. */
  readonly path: string;
  /** The problem and the expected value, for people. */
  readonly message: string;
}

/** The largest answer that a caller reads unless its operation says otherwise, in bytes: 16 MiB. */
export const answerLimit = 16 * 1024 * 1024;

/** The facts about an operation, each with its grade: `specOf(operation)` returns it. */
export interface OperationSpec extends Evidence {
  readonly summary: string;
  readonly description: string;
  /** The answers of our mock. They have no unknown fields, and every one of them is lawful. */
  readonly emits: EmittedForm;
  readonly docs: readonly DocsEntry[];
  /** The claims about the operation besides its rules, each with its grade. */
  readonly statements: readonly Statement[];
  /** The provider's rules in the order in which they are checked. The first broken one decides the answer. */
  readonly rules: readonly Rule[];
  readonly examples: {
    /** By name, such as that of a proxy type. The mock's default world gives exactly these answers. */
    readonly requests: Readonly<Record<string, Example>>;
    readonly failure: unknown;
    /** One failure for each error code that concerns the operation, by code. */
    readonly failures: readonly FailureExample[];
  };
}

/** A request and the success that answers it. */
export interface Example {
  readonly request: unknown;
  readonly success: unknown;
}

/** A failure with one of the known error codes. */
export interface FailureExample {
  readonly code: number;
  readonly failure: unknown;
}

/** One of the provider's rules, the error code of the answer if it is broken, and how sure we are. */
export interface Rule extends Statement {
  readonly code: number;
  /** The claim without the answer to a request that breaks the rule. */
  readonly requires: string;
  /** Requests that break the rule. An answer with another code contradicts it. */
  readonly probes: readonly Probe[];
}

/** A request that breaks one rule, made from one that breaks none. */
export interface Probe {
  readonly id: string;
  readonly title: string;
  /** Whether it names orders that exist. If not, it names something that cannot exist, so that no server can act on it. */
  readonly needsOrders: boolean;
  readonly needsOtherType?: true;
  /** Whether it is made from a request that names all IP addresses of an IPv6 order with several of them. */
  readonly needsSeveralAddresses?: true;
  /** The ID of a weaker statement that the probe tests, such as how a missing field is answered (default: the rule). */
  readonly dependsOn?: string;
  readonly apiKey?: string;
  /** The body or query to send: `valid` is a request that would succeed, `other` one of another proxy type. */
  readonly request: (valid: Request, other: Request) => unknown;
}

/** A request, by field. */
export type Request = Readonly<Record<string, unknown>>;

/** The issues of a zod error, with their paths as text. With a message for them, there is one for each unknown field. */
export function issuesOf({ issues }: Pick<z.ZodError, "issues">, unknownField?: string): Issue[] {
  return issues.flatMap((issue): Issue[] => {
    if (unknownField === undefined || issue.code !== "unrecognized_keys") {
      return [{ path: formatPath(issue.path), message: issue.message }];
    }
    return issue.keys.map((key) => ({ path: formatPath([...issue.path, key]), message: unknownField }));
  });
}

/** Writes a path the way code would: `orderIds[0]`, `error.code`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${part}` : part),
    "",
  );
}

/** All issues on one line, for error messages and headers. */
export function formatIssues(issues: readonly Issue[]): string {
  return issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join("; ");
}
