import { type Operation, type Rule, specOf } from "@auto-extend/core";
import type { Drift } from "../engine/log/request-log.js";
import { handlers } from "../engine/operations/index.js";
import type { ServedOperation } from "../engine/route.js";

/** The rule that looks at a field of a request; the field is named by a path such as `orderIds[0]`. */
export function ruleAt({ id }: ServedOperation, path: string): Rule | undefined {
  const [field = ""] = path.split(/[.[]/, 1);
  return handlers[id].ruleOf(field);
}

/** Names a statement of an operation by the last part of its id, where there is such a statement. */
export function contradicting(operation: Operation, name: string): Pick<Drift, "statement"> {
  const statement = `${operation.id}/${name}`;
  return specOf(operation).statements.some((each) => each.id === statement) ? { statement } : {};
}
