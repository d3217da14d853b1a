import type { Request, Response } from "express";
import type { z } from "zod/v3";
import type { Engine } from "../engine/engine.js";
import type { EngineProblem } from "../engine/types.js";

/** One request that the control API takes: what it is for people, what it takes and answers, and how it is served. */
export interface ControlRoute<
  Query extends z.AnyZodObject = z.AnyZodObject,
  Value extends z.ZodTypeAny = z.ZodTypeAny,
> {
  /** Its name in the OpenAPI document. */
  readonly id: string;
  readonly tag: keyof typeof controlTags;
  readonly method: "get" | "post" | "put" | "delete";
  /** As OpenAPI writes it: `/__mock/faults/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  /** Whether it can be narrowed to one account. */
  readonly accountScoped?: boolean;
  /** Whether it changes the state, so that it is refused once another mock has the state file. */
  readonly changesState?: true;
  /** What stands in the path in place of `{id}`, for people. */
  readonly pathId?: string;
  /** What its query takes; nothing where left out. */
  readonly query?: Query;
  /** What is sent, by the very schema that it is read by. */
  readonly body?: { readonly schema: z.ZodTypeAny; readonly examples: Readonly<Record<string, unknown>> };
  readonly answer: ControlAnswer<Value>;
  /** Problems that are its own, by their status. */
  readonly problems?: Readonly<Record<number, ControlRefusal>>;
  // A method, so that routes with different queries fit into one list.
  handle(
    call: ControlCall<z.output<Query>>,
  ): ControlReply<z.output<Value>> | Promise<ControlReply<z.output<Value>>>;
}

/** What comes back where nothing is wrong. */
export interface ControlAnswer<Value extends z.ZodTypeAny = z.ZodTypeAny> {
  readonly status: 200 | 201 | 204;
  readonly says: string;
  /** The JSON; none where left out. */
  readonly schema?: Value;
  /** What it also comes as, or comes as instead of JSON. A stream is a list of what is in its events. */
  readonly text?: {
    readonly mediaType: string;
    readonly schema: z.ZodTypeAny;
    readonly example: unknown;
  };
  /** Headers, each with what it says. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What comes back where something is wrong. */
export interface ControlRefusal {
  readonly says: string;
  /** The problem document; the plain one where left out. */
  readonly schema?: z.ZodTypeAny;
}

/** A request of the control API, read. */
export interface ControlCall<Query = Readonly<Record<string, unknown>>> {
  readonly engine: Engine;
  /** The account that it is narrowed to. */
  readonly account: string | undefined;
  readonly query: Query;
  readonly body: unknown;
  /** What stands in the path in place of `{id}`. */
  readonly pathId: string;
  readonly request: Request;
}

/** What a route answers: a value as JSON, a text, a stream, or nothing at all. */
export type ControlReply<Value = unknown> =
  | { readonly json: Value; readonly headers?: Readonly<Record<string, string>> }
  | { readonly text: string; readonly mediaType: string }
  | { readonly stream: (response: Response) => void }
  | "nothing";

/** The subjects of the control API. */
export const controlTags = {
  Mock: "The mock itself.",
  State: "The accounts, their orders, and the way back to the start.",
  Accounts: "Accounts and orders in lists, and requests on behalf of an account.",
  Requests: "What came, what was decided and why, and what left.",
  Faults: "What is to go wrong with requests to come.",
  Clock: "The mock's time, and what happens as it passes.",
  Events: "What happens, as it happens.",
} as const;

/** What is answered where there is no state that could be asked for. */
export const noState: ControlRefusal = {
  says: "This mock forwards requests to a server behind it, and has no state, no accounts and no clock of its own.",
};

/** The answer once another mock has taken over the state file. */
export const takenOver: ControlRefusal = {
  says: "Another mock has taken over the state file of this one, so that changes would be lost.",
};

/** What the control API answers in place of what was asked for. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  readonly problem: EngineProblem;

  constructor(problem: EngineProblem) {
    super(problem.error.detail);
    this.problem = problem;
  }
}

/** Makes a route: its handler is held to what it says of its query and its answer. */
export function controlRoute<
  Query extends z.AnyZodObject = z.AnyZodObject,
  Value extends z.ZodTypeAny = z.ZodTypeAny,
>(route: ControlRoute<Query, Value>): ControlRoute {
  return route;
}
