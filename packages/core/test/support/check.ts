import { checkAnswer, createRedactor, type Finding, type Level, type Operation } from "@auto-extend/core";

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
  return checkAnswer(operation, exchange, { redact: createRedactor(), level });
}
