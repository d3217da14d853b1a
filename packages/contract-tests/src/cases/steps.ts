import {
  type Operation,
  type OperationId,
  type OperationSpec,
  type Rule,
  type RuleName,
  specOf,
} from "@auto-extend/core";
import {
  type KnownOrder,
  type ServerCase,
  type StateChange,
  type Step,
  type StepRequest,
  type SwitchRequest,
  serverCase,
} from "./case.js";
import { expectSuccess, type JsonObject, type SuccessOptions } from "./expectations.js";

export function requestOf(operation: Operation, json: unknown): StepRequest {
  const { method, path } = operation;
  if (method === "GET") return { operation, method, path: path + queryOf(json), headers: {}, json };
  const headers = { "content-type": "application/json" };
  return { operation, method, path, headers, body: JSON.stringify(json), json };
}

export function queryOf(json: unknown): string {
  const fields = typeof json === "object" && json !== null ? Object.entries(json) : [];
  const query = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, String(value)]));
  return fields.length > 0 ? `?${query}` : "";
}

export function successStep(
  operation: Operation,
  json: JsonObject,
  { leaves, ...options }: Omit<SuccessOptions, "refusals"> & { readonly leaves?: StateChange } = {},
): Step {
  return {
    send: requestOf(operation, json),
    expect: expectSuccess({ ...options, refusals: typeRefusals(operation) }),
    ...(leaves && { leaves }),
  };
}

export function switchStep(
  operation: Operation,
  json: JsonObject & SwitchRequest,
  options: Pick<SuccessOptions, "claim" | "compare"> = {},
): Step {
  // If the list shows another state, one of the two is wrong: the answer to this request, or the list.
  const claims = [`${operation.id}/success`, "listIpAddresses/extend-info"];
  return successStep(operation, json, { ...options, leaves: { change: json, claims } });
}

/** Steps that leave the same state behind: it is read once, after the last. `undefined` if there are none. */
export function leaving(leaves: StateChange, steps: readonly Step[]): readonly Step[] | undefined {
  const last = steps.at(-1);
  return last && [...steps.slice(0, -1), { ...last, leaves }];
}

export interface CaseParts extends Pick<ServerCase, "title"> {
  readonly name: string;
  /** The last parts of the IDs of the operation's statements that it tests (default: its name, `success` and `status`). */
  readonly about?: readonly string[];
  readonly also?: readonly string[];
  readonly safety?: ServerCase["safety"];
  readonly needs?: string;
  readonly learns?: NonNullable<ServerCase["learns"]>;
  /** As {@link ServerCase.steps}; `claim` is the statement of the case's name. */
  readonly steps: (orders: readonly KnownOrder[], claim: string) => readonly Step[] | undefined;
}

export function caseOf(
  operation: Operation,
  { name, about, also = [], steps, ...parts }: CaseParts,
): ServerCase {
  const id = `${operation.id}/${name}`;
  const names = about ?? new Set([name, "success", "status"]);
  return serverCase({
    id,
    safety: "harmless",
    ...parts,
    statements: [...statementsOf(operation, ...names), ...also],
    steps: (orders) => steps(orders, id),
  });
}

export function statementsOf({ id }: Operation, ...names: readonly string[]): string[] {
  return names.map((name) => `${id}/${name}`);
}

/** The statements that are contradicted if one of the four proxy types is refused for its type. */
export function typeStatementsOf(operation: Operation): string[] {
  return Object.values(typeRefusals(operation)).flat();
}

/** Whatever the orders are: a request with one of the four proxy types must not be refused for its type. */
function typeRefusals(operation: Operation): Record<number, string[]> {
  const rule = specOf(operation).rules.find(({ id }) => id === `${operation.id}/rule/proxy-type`);
  return rule ? { [rule.code]: [rule.id, `error-code/${rule.code}`] } : {};
}

export function ruleOf<Id extends OperationId>(operation: { readonly id: Id }, name: RuleName<Id>): Rule {
  const { rules }: OperationSpec = specOf<Id>(operation);
  const rule = rules.find(({ id }) => id === `${operation.id}/rule/${name}`);
  if (!rule) throw new RangeError(`There is no rule ${name}.`);
  return rule;
}
