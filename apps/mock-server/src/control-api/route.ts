import { problem } from "@auto-extend/core";
import type { Request, Response } from "express";
import { z } from "zod/v3";
import type { AccountRef, MockControls } from "../controls.js";
import type { Engine } from "../engine/engine.js";
import { fieldIssue } from "../engine/log/schemas.js";
import { listOf } from "../lib/schemas.js";

/** One request of the control API: its documentation, its schemas, and its handler. */
export interface ControlRoute<
  Query extends z.AnyZodObject = z.AnyZodObject,
  Value extends z.ZodTypeAny = z.ZodTypeAny,
> {
  readonly id: string;
  readonly tag: keyof typeof controlTags;
  readonly method: "get" | "post" | "put" | "delete";
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  /** Whether it can be limited to one account (default: yes). */
  readonly accountScoped?: boolean;
  /** The description of the path parameter `{id}`. */
  readonly pathId?: string;
  /** The schema of the query (default: no parameters). */
  readonly query?: Query;
  readonly body?: { readonly schema: z.ZodTypeAny; readonly examples: Readonly<Record<string, unknown>> };
  /** The HTTP status of its answer: 200, or 204 without a body, unless it is given. */
  readonly status: 200 | 201 | 204;
  /** The description of the answer (default: the summary, or "Done." without an answer). */
  readonly answerDescription?: string;
  /** The schema of the answer's JSON (default: no JSON). */
  readonly answer?: Value;
  /** Another representation, beside or instead of JSON. A stream is described as the list of its events. */
  readonly text?: {
    readonly mediaType: string;
    readonly schema: z.ZodTypeAny;
    readonly example: unknown;
  };
  readonly problems?: Readonly<Record<number, ControlRefusal>>;
  // A method, so that routes with different queries fit into one list.
  handle(
    call: ControlCall<z.output<Query>>,
  ): ControlReply<z.output<Value>> | Promise<ControlReply<z.output<Value>>>;
}

/** A problem document of the control API. */
export const controlProblem = problem.extend({
  id: z.string().describe("The ID of the problem, such as `mock/query`."),
  issues: listOf(fieldIssue.partial({ expected: true }))
    .optional()
    .describe("The places in the request that are at fault, if they are known."),
});

export interface ControlRefusal {
  readonly description: string;
  /** The schema of the problem document (default: {@link controlProblem}). */
  readonly schema?: z.ZodTypeAny;
}

export interface ControlCall<Query = Readonly<Record<string, unknown>>> {
  readonly controls: MockControls;
  readonly engine: Engine;
  /** Identifies this run of the mock. Each restart changes it. */
  readonly run: string;
  /** The account that the request is limited to. */
  readonly of: AccountRef | undefined;
  readonly query: Query;
  readonly body: unknown;
  readonly pathId: string;
  readonly request: Request;
}

/** The reply of a handler: JSON, a text in parts, a stream, or none. */
export type ControlReply<Value = unknown> =
  | { readonly json: Value }
  | { readonly parts: Iterable<string>; readonly mediaType: string }
  | { readonly stream: (response: Response) => void }
  | undefined;

export const controlTags = {
  Mock: "The mock itself.",
  State: "The accounts and their orders, and how to reset them.",
  Accounts: "Accounts and orders in lists, and requests on behalf of an account.",
  Requests: "The requests in the log, and why they were answered the way they were.",
  Faults: "The faults to inject into the next requests.",
  Clock: "The mock's time, and the renewals that happen as it passes.",
  Events: "A stream of everything that happens.",
} as const;

export const noState: ControlRefusal = {
  description:
    "This mock forwards requests to another server, and has no state, no accounts and no clock of its own.",
};

export const takenOver: ControlRefusal = {
  description: "Another mock or program has changed the state file of this one: the change would be lost.",
};

/**
 * Creates a route; `id` is its operation ID in the OpenAPI document. The compiler checks the handler against the schemas.
 */
export function controlRoute<
  Query extends z.AnyZodObject = z.AnyZodObject,
  Value extends z.ZodTypeAny = z.ZodTypeAny,
>(
  id: string,
  methodAndPath: `${ControlRoute["method"]} /__mock/${string}`,
  route: Omit<ControlRoute<Query, Value>, "id" | "method" | "path" | "status"> & { readonly status?: 201 },
): ControlRoute {
  const [method, path] = methodAndPath.split(" ") as [ControlRoute["method"], string];
  return { id, method, path, accountScoped: true, status: route.answer || route.text ? 200 : 204, ...route };
}
