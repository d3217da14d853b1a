import type { Body } from "./body.js";

/** The JSON of an answer. */
export interface Envelope {
  /** `undefined` where there is none, or none to work with. */
  readonly json: unknown;
  /** What its `success` says, if anything. */
  readonly claim: unknown;
  /** Why there is none, for people; `null` where there is. */
  readonly problem: string | null;
}

/** Deeper nesting is no envelope, and would exhaust the stack of whoever walks through it. */
const deepestNesting = 100;

/** Reads the JSON of an answer. */
export function readEnvelope({ text, problem }: Body): Envelope {
  if (problem !== null) return none(`The body ${problem}`);
  if (text.trim() === "") return none("The body is empty, JSON was expected");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return none("The body is not JSON"); // The platform's own error quotes the body.
  }
  const claim = typeof json === "object" && json !== null && "success" in json ? json.success : undefined;
  if (isDeeper(json, deepestNesting)) {
    return { ...none(`The body is nested deeper than ${deepestNesting} levels`), claim };
  }
  return { json, claim, problem: null };
}

function none(problem: string): Envelope {
  return { json: undefined, claim: undefined, problem };
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1));
}
