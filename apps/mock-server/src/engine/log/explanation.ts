import { operations, type Rule, specOf } from "@auto-extend/core";
import { pluralize } from "../../lib/text.js";
import { driftText, type Logged, toLogEntry } from "./request-log.js";
import type { Explanation, LogEntry, LoggedFault, OrderChange, RuleResult } from "./schemas.js";

/** Explains a request: what was read, which rules were tried, what was decided and changed, and what was sent. */
export function explain(logged: Logged): Explanation {
  const entry = toLogEntry(logged);
  const { changedOrders, redactor } = logged.entry;
  const changes = redactor.value(logged.entry.changes);
  const explanation = { ...entry, rules: ruleResults(entry), changes, changedOrders };
  return { ...explanation, text: explanationText(explanation) };
}

function ruleResults({ operation, decided }: LogEntry): RuleResult[] {
  const known = operations.find(({ id }) => id === operation);
  const rules: readonly Rule[] = known ? specOf(known).rules : [];
  return rules.map(({ id, requires, grade, code }, index) => ({
    id,
    claim: requires,
    grade,
    code,
    result: index < decided.satisfied ? "satisfied" : id === decided.statement ? "broken" : "not tried",
  }));
}

function explanationText(explanation: Omit<Explanation, "text">): string {
  const { id, at, account, method, path, sent, sentText, sentNote, decided, fault, rules } = explanation;
  // Another server decides about requests that are forwarded.
  const isElsewhere = explanation.drift !== undefined || decided.outcome === "forwarded";
  // Without an operation, no account was looked for.
  const hasNoAccount = isElsewhere || explanation.operation === null;
  const whose =
    account !== null ? ` (account ${account})` : hasNoAccount ? "" : " (this API key has no account)";
  return [
    `${id}, ${at}`,
    `Request:  ${method} ${path}${whose}`,
    ...labelled("Input:", [
      sentText ?? (typeof sent === "string" ? shown(sent) || "an empty body" : JSON.stringify(sent)),
      ...(sentNote === undefined ? [] : [sentNote]),
    ]),
    ...(decided.ignored.length > 0
      ? [`          unknown fields, ignored: ${decided.ignored.join(", ")}`]
      : []),
    ...(fault ? faultLines(fault) : []),
    ...labelled(
      "Rules:",
      isElsewhere ? [] : rules.map(({ id: rule, grade, result }) => `${marks[result]} ${rule} (${grade})`),
    ),
    `Decided:  ${decided.outcome}${decided.statement ? ` by ${decided.statement}` : ""}: ${decided.why}`,
    ...labelled("Changed:", isElsewhere ? [] : changeLines(explanation)),
    ...labelled("Answer:", answerLines(explanation)),
    ...labelled("Drift:", (explanation.drift ?? []).map(driftText)),
  ].join("\n");
}

function faultLines({ triggers, fault, altered = [] }: LoggedFault): string[] {
  const names = triggers.map(({ name, by, id }) => `${name}, from the ${by}${id ? ` (${id})` : ""}`);
  const changes = altered.map(({ path, usual }) => {
    const was = usual === undefined ? "added by the fault" : `${JSON.stringify(usual)} without the fault`;
    return `${path || "the answer"}: ${was}`;
  });
  return labelled("Fault:", [names.join("; "), JSON.stringify(fault), ...changes]);
}

function changeLines(explanation: Omit<Explanation, "text">): string[] {
  const { changes, changedOrders } = explanation;
  const rest = changedOrders - changes.length;
  if (changedOrders === 0)
    return [isSwitch(explanation) ? "nothing: the orders already had this state" : "nothing"];
  return [...changes.map(orderChangeText), ...(rest > 0 ? [`and ${pluralize(rest, "more order")}`] : [])];
}

function orderChangeText({ orderId, ipAddresses, autoExtend, rentPeriodDays }: OrderChange): string {
  const shift = <Value>(
    name: string,
    change: { readonly from: readonly Value[]; readonly to: readonly Value[] } | undefined,
    say: (value: Value) => string,
  ) =>
    change ? [`${name} ${change.from.map(say).join(" and ")} -> ${change.to.map(say).join(" and ")}`] : [];
  const parts = [
    ...shift("auto-extend", autoExtend, (value) => (value ? "on" : "off")),
    ...shift("rental period", rentPeriodDays, (value) => `${value} days`),
  ];
  const what = parts.join(", ") || "the failed renewal is attempted again";
  return `order ${orderId} (${pluralize(ipAddresses, "IP address", "es")}): ${what}`;
}

function isSwitch({ operation, decided }: LogEntry): boolean {
  return decided.outcome === "done" && operations.some(({ id, changes }) => id === operation && changes);
}

function answerLines({ status, answered, answerHeaders, fault }: Omit<Explanation, "text">): string[] {
  const how = fault?.delivered ? [fault.delivered] : [];
  if (status === null) return ["no answer", ...how];
  const shownHeaders = Object.entries(answerHeaders).map(([name, value]) => `${name}: ${value}`);
  const body = typeof answered === "string" ? shown(answered) || "an empty body" : JSON.stringify(answered);
  return [`HTTP ${status} ${shownHeaders.join(", ")}`.trimEnd(), body, ...how];
}

function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `${(index === 0 ? label : "").padEnd(10)}${line}`);
}

/** A text on one line: the page of a gateway has many lines. */
function shown(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, " ").trim();
}

const marks = { satisfied: "satisfied ", broken: "broken    ", "not tried": "not tried " };
