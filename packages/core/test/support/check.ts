import {
  checkAnswer,
  createRedactor,
  type Finding,
  type Level,
  type Operation,
  specOf,
} from "@auto-extend/core";

/** The findings about a JSON answer that comes with the right status and media type, for level `lawful` by default. */
export function findingsOf(
  operation: Operation,
  request: unknown,
  json: unknown,
  level: Level = "lawful",
  moreHeaders: Readonly<Record<string, string>> = {},
): Finding[] {
  const exchange = {
    request,
    status: 200,
    headers: { "content-type": "application/json", ...moreHeaders },
    body: { json },
  };
  return checkAnswer(operation, exchange, { redact: createRedactor(), ...checkedTo(operation, level) });
}

/** The options that check an answer up to a level. */
export function checkedTo(operation: Operation, level: Level) {
  if (level !== "emits") return { level };
  return { level: "lawful", emits: specOf(operation).emits } as const;
}
