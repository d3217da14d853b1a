import { type Grade, operations } from "@auto-extend/core";
import { type OrderChange, orderChangeText } from "./order-change.js";
import type { DraftEntry, LogEntry } from "./request-log.js";

/** Everything there is to tell of one request. */
export interface Story extends LogEntry {
  /** The provider's rules in the order in which they are tried. */
  readonly rules: readonly TriedRule[];
  /** What became another because of it, of the first 20 orders. */
  readonly changes: readonly OrderChange[];
  /** All of it, for people. */
  readonly text: string;
}

/** A rule, and what came of trying it. */
export interface TriedRule {
  readonly id: string;
  readonly claim: string;
  readonly grade: Grade;
  readonly result: "kept" | "broken" | "not tried";
}

/** Tells the story of a request. */
export function storyOf(draft: DraftEntry): Story {
  const entry = draft.write();
  const told = { ...entry, rules: triedRules(entry), changes: draft.changes() };
  return { ...told, text: storyText(told) };
}

function triedRules({ operation, decided }: LogEntry): TriedRule[] {
  const rules = operations.find(({ id }) => id === operation)?.rules ?? [];
  const decisive = rules.findIndex(({ id }) => id === decided.statement);
  // What is decided by none of them was decided before the first, or after the last.
  const tried = decisive === -1 && decided.outcome !== "done" ? 0 : decisive === -1 ? rules.length : decisive;
  return rules.map(({ id, claim, grade }, index) => ({
    id,
    claim,
    grade,
    result: index < tried ? "kept" : index === decisive ? "broken" : "not tried",
  }));
}

function storyText(story: Omit<Story, "text">): string {
  const { id, at, account, method, path, sent, decided, fault, status, answered, rules, changes } = story;
  const isPassedOn = decided.outcome === "passed-on";
  const whose =
    account !== null ? ` (account ${account})` : isPassedOn ? "" : " (an API key that opens no account)";
  return [
    `${id}, ${at}`,
    `Came:     ${method} ${path}${whose}`,
    `Read:     ${typeof sent === "string" ? sent || "an empty body" : JSON.stringify(sent)}`,
    ...(decided.ignored.length > 0
      ? [`          ignored, for the contract does not know them: ${decided.ignored.join(", ")}`]
      : []),
    ...(fault
      ? [`Fault:    ${fault.asked.map(({ name, by }) => `${name}, asked for by ${by}`).join("; ")}`]
      : []),
    ...(isPassedOn ? [] : rules).map(
      ({ id: rule, grade, result }, index) =>
        `${index === 0 ? "Rules:    " : "          "}${marks[result]} ${rule} (${grade})`,
    ),
    `Decided:  ${decided.outcome}${decided.statement ? ` by ${decided.statement}` : ""}: ${decided.why}`,
    ...changes.map(
      (change, index) => `${index === 0 ? "Changed:  " : "          "}${orderChangeText(change)}`,
    ),
    ...(changes.length === 0 && !isPassedOn ? ["Changed:  nothing"] : []),
    status === null
      ? "Left:     no answer"
      : `Left:     HTTP ${status} ${typeof answered === "string" ? answered : JSON.stringify(answered)}`,
    ...(fault?.delivered ? [`          ${fault.delivered}`] : []),
    ...(story.drift ?? []).map(
      ({ direction, severity, path: place, message }, index) =>
        `${index === 0 ? "Drifted:  " : "          "}${direction} ${severity} at ${place || "the whole"}: ${message}`,
    ),
  ].join("\n");
}

const marks = { kept: "kept      ", broken: "broken    ", "not tried": "not tried " };
