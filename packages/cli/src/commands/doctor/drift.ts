import { checkAnswer, type Finding, type Operation, type Redactor } from "@auto-extend/core";
import { counted } from "../../app/format.js";
import type { Check } from "./check.js";

/** How one answer differs from the contract. */
export interface Drift {
  readonly operation: string;
  readonly level: Finding["level"];
  /** The difference, for people. */
  readonly text: string;
}

/** A finding as drift. */
export function driftFrom(operation: string, { part, path, message, level }: Finding): Drift {
  return { operation, level, text: `${operation}: ${path || part} ${message}` };
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
  return checkAnswer(operation, exchange, { redact, level: "emits" })
    .filter(({ level }) => level === "emits")
    .map((finding) => driftFrom(operation.id, finding));
}

/** How many differences are named. */
const maxShown = 5;

/** The check of all answers together. */
export function driftCheck(drift: readonly Drift[]): Check {
  const of = (...levels: Drift["level"][]) => drift.filter(({ level }) => levels.includes(level));
  const [broken, unlawful, lawful] = [of("accepts"), of("lawful"), of("emits")];
  const whatToDo =
    "auto-extend verify tests which statements that contradicts. Look for a newer version of this program.";
  if (broken.length > 0) {
    const found = `Some answers cannot be used: ${listed([...broken, ...unlawful])}.`;
    return { id: "drift", state: "failed", found, whatToDo };
  }
  if (unlawful.length > 0) {
    const found = `Answers contradict the contract, but can be used: ${listed([...unlawful, ...lawful])}.`;
    return { id: "drift", state: "warning", found, whatToDo };
  }
  const same = "The answers to harmless requests follow the contract";
  const found =
    lawful.length > 0 ? `${same}. They differ from those of the mock: ${listed(lawful)}.` : `${same}.`;
  return { id: "drift", state: "ok", found, whatToDo: null };
}

function listed(drift: readonly Drift[]): string {
  const texts = [...new Set(drift.map(({ text }) => text))];
  const rest = texts.length - maxShown;
  const more = rest > 0 ? `; and ${counted(rest, "more", "more")}` : "";
  return texts.slice(0, maxShown).join("; ") + more;
}
