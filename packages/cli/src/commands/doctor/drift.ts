/** How answers differ from the contract, and from those of the mock. */
import {
  type Finding as AnswerFinding,
  checkAnswer,
  type Operation,
  type Redactor,
  specOf,
} from "@auto-extend/core";
import { pluralize } from "../../app/format.js";
import { type Finding, finding } from "./check.js";

export interface Drift {
  readonly level: AnswerFinding["level"];
  readonly text: string;
}

export function driftFrom(operation: string, { part, path, message, level }: AnswerFinding): Drift {
  return { level, text: `${operation}: ${path || part} ${message}` };
}

/**
 * How the body of a success differs from what the mock would send. The client reports the graver findings itself, and
 * those about status and headers.
 */
export function emittedDrift(
  operation: Operation,
  { request, json, redact }: { readonly request: object; readonly json: unknown; readonly redact: Redactor },
): Drift[] {
  const headers = { "content-type": "application/json" };
  const exchange = { request, status: 200, headers, body: { json } };
  return checkAnswer(operation, exchange, { redact, level: "lawful", emits: specOf(operation).emits })
    .filter(({ level }) => level === "emits")
    .map((each) => driftFrom(operation.id, each));
}

const whatToDo =
  "auto-extend verify tests which statements that contradicts. Look for a newer version of this program.";

export function driftCheck(drift: readonly Drift[], { isListRead }: { isListRead: boolean }): Finding {
  const found = (...levels: Drift["level"][]) => listed(drift.filter(({ level }) => levels.includes(level)));
  const has = (level: Drift["level"]) => drift.some((each) => each.level === level);
  if (has("accepts")) {
    return finding("failed", `Some answers cannot be used: ${found("accepts", "lawful")}.`, whatToDo);
  }
  if (has("lawful")) {
    const used = `Answers contradict the contract, but can be used: ${found("lawful", "emits")}.`;
    return finding("warning", used, whatToDo);
  }
  const others = has("emits") ? ` They differ from those of the mock: ${found("emits")}.` : "";
  const answers = isListRead ? "The answers" : "The answers without the list";
  return finding("ok", `${answers} to harmless requests follow the contract.${others}`);
}

const maxShown = 5;

function listed(drift: readonly Drift[]): string {
  const texts = [...new Set(drift.map(({ text }) => text))];
  const rest = texts.length - maxShown;
  const more = rest > 0 ? `; and ${pluralize(rest, "more", "more")}` : "";
  return texts.slice(0, maxShown).join("; ") + more;
}
