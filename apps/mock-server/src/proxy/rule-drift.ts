import { type Rule, specOf } from "@auto-extend/core";
import type { Drift } from "../engine/log/request-log.js";
import type { Envelope } from "../engine/outcome.js";
import type { ServedOperation } from "../engine/route.js";
import { ruleAt } from "./statements.js";

/**
 * How an answer differs from what the rules say of a request that breaks the contract: that it is refused, by the first
 * rule that it breaks, or by one that is tried before and looks at what can't be seen from here.
 */
export function ruleDrift(
  operation: ServedOperation,
  requestDrift: readonly Drift[],
  { success, error }: Envelope,
): Drift[] {
  const broken = requestDrift.filter(({ severity }) => severity === "broken");
  const [first] = broken;
  if (!first) return [];
  const rules: readonly Rule[] = specOf(operation).rules;
  const places = broken.map(({ path }) => rules.findIndex(({ id }) => id === ruleAt(operation, path)?.id));
  const place = Math.min(...places.filter((each) => each !== -1), rules.length);
  const drift = broken[places.indexOf(place)] ?? first;
  const { code } = (error ?? {}) as { code?: unknown };
  const isExpected =
    !success && (place === rules.length || rules.slice(0, place + 1).some((rule) => rule.code === code));
  if (isExpected) return [];
  const expected = rules[place] ? `error ${rules[place].code}` : "an error";
  const where = drift.path ? ` at ${drift.path}` : "";
  return [
    {
      direction: "answer",
      severity: "tolerated",
      path: success ? "success" : "error.code",
      message: `is ${success ? "true" : code}, although the request breaks the contract${where}: ${expected} was expected`,
      ...(drift.statement === undefined ? {} : { statement: drift.statement }),
    },
  ];
}
