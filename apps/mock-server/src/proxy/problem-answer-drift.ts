import { problem, problemMediaType } from "@auto-extend/core";
import type { Drift } from "../engine/log/request-log.js";
import type { EngineProblem } from "../engine/problem.js";
import { headerOf } from "./headers.js";
import { envelopeOf, type JudgedAnswer } from "./judged-answer.js";

/**
 * How the answer to a request that the rules should never have seen differs from the problem that is expected of it. How
 * the provider answers such requests is not public, so all of that is tolerated.
 */
export function problemAnswerDrift({ error, headers = [] }: EngineProblem, answer: JudgedAnswer): Drift[] {
  const { status, mediaType, allowed, json } = answer;
  const document = lawfulProblem.safeParse(json);
  const method = headerOf(headers, "allow");
  const wrong = [
    ...(status === error.status ? [] : [`HTTP ${status} came`]),
    ...(mediaType === problemMediaType ? [] : [`the body is ${kindOf(answer)}`]),
    ...(method === "" || allowed.includes(method) ? [] : [`Allow does not name ${method}`]),
    ...(document.success && document.data.status === error.status ? [] : ["the document is not complete"]),
  ];
  if (wrong.length === 0) return [];
  return [
    {
      direction: "answer",
      severity: "tolerated",
      path: "",
      message: `HTTP ${error.status} and a problem document are assumed here: ${wrong.join(", ")}`,
      statement: error.id,
    },
  ];
}

// Further members are lawful in a problem document.
const lawfulProblem = problem.passthrough();

function kindOf({ json, problem: unread, mediaType }: JudgedAnswer): string {
  if (envelopeOf(json)) return "the envelope of an answer";
  return unread ? mediaType || "of no media type" : "other JSON";
}
