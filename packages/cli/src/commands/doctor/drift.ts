import { checkAnswer, type Finding, type Operation, type Redactor, specOf } from "@auto-extend/core";
import { counted } from "../../app/format.js";
import { type Check, failed, ok, warning } from "./check.js";

export interface Drift {
  readonly level: Finding["level"];
  readonly text: string;
}

export function driftFrom(operation: string, { part, path, message, level }: Finding): Drift {
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
    .map((finding) => driftFrom(operation.id, finding));
}

const maxShown = 5;

export function driftCheck(drift: readonly Drift[]): Check {
  const of = (...levels: Drift["level"][]) => drift.filter(({ level }) => levels.includes(level));
  const [broken, unlawful, lawful] = [of("accepts"), of("lawful"), of("emits")];
  const whatToDo =
    "auto-extend verify tests which statements that contradicts. Look for a newer version of this program.";
  if (broken.length > 0) {
    const found = `Some answers cannot be used: ${listed([...broken, ...unlawful])}.`;
    return failed("drift", found, whatToDo);
  }
  if (unlawful.length > 0) {
    const found = `Answers contradict the contract, but can be used: ${listed([...unlawful, ...lawful])}.`;
    return warning("drift", found, whatToDo);
  }
  const same = "The answers to harmless requests follow the contract";
  return ok(
    "drift",
    lawful.length > 0 ? `${same}. They differ from those of the mock: ${listed(lawful)}.` : `${same}.`,
  );
}

function listed(drift: readonly Drift[]): string {
  const texts = [...new Set(drift.map(({ text }) => text))];
  const rest = texts.length - maxShown;
  const more = rest > 0 ? `; and ${counted(rest, "more", "more")}` : "";
  return texts.slice(0, maxShown).join("; ") + more;
}
