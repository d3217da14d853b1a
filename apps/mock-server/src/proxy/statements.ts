import type { Operation, Rule, SetAutoExtendRequest, SetAutoExtendRuleName } from "@auto-extend/core";
import type { Drift } from "../engine/request-log.js";
import type { ServedOperation } from "../engine/route.js";

/** Which rule of an operation looks at which field of its request. */
const ruleOfField: Record<ServedOperation["id"], Readonly<Record<string, string>>> = {
  setAutoExtend: {
    proxyType: "proxy-type",
    orderIds: "order-ids",
    rentPeriodDays: "rental-period",
    autoExtend: "auto-extend",
  } satisfies Record<keyof SetAutoExtendRequest, SetAutoExtendRuleName>,
};

/** The rule that looks at a field of a request; the field is named by a path such as `orderIds[0]`. */
export function ruleAt(operation: ServedOperation, path: string): Rule | undefined {
  const [field = ""] = path.split(/[.[]/, 1);
  const name = ruleOfField[operation.id][field];
  return operation.rules.find(({ id }) => id === `${operation.id}/rule/${name}`);
}

/** Names a statement of an operation by the last part of its id, where there is such a statement. */
export function contradicting({ id, statements }: Operation, name: string): Pick<Drift, "statement"> {
  const statement = `${id}/${name}`;
  return statements.some((each) => each.id === statement) ? { statement } : {};
}
