import type { Drift } from "../engine/log/request-log.js";
import type { Envelope } from "../engine/outcome.js";
import type { ServedOperation } from "../engine/route.js";
import { quoteShort } from "../lib/text.js";
import type { JudgedAnswer } from "./judged-answer.js";
import { contradicting } from "./statements.js";

/** How an answer differs from an envelope in JSON under HTTP 200, as far as its bytes and headers show. */
export function transportDrift(
  operation: ServedOperation,
  { status, mediaType, json, problem }: JudgedAnswer,
  envelope: Envelope | null,
): Drift[] {
  const drift = (severity: Drift["severity"], path: string, message: string): Drift => ({
    direction: "answer",
    severity,
    path,
    message,
    ...contradicting(operation, "status"),
  });
  const drifts: Drift[] = [];
  if (status !== 200) {
    // Our client takes a failure under any status but a redirect's, and a success under any that means one.
    const isRedirect = status >= 300 && status < 400;
    const isRead = envelope && !isRedirect && (!envelope.success || (status >= 200 && status < 300));
    const remark = isRedirect ? ", a redirect, which was not followed" : "";
    drifts.push(drift(isRead ? "tolerated" : "broken", "status", `must be 200, it is ${status}${remark}`));
  }
  if (mediaType !== "application/json") {
    const came = mediaType === "" ? "nothing" : quoteShort(mediaType);
    drifts.push(drift("tolerated", "content-type", `must be application/json, the answer has ${came}`));
  }
  const isObject = typeof json === "object" && json !== null && !Array.isArray(json);
  if (problem) drifts.push(drift("broken", "", `the body ${problem}`));
  else if (!isObject) drifts.push(drift("broken", "", "the body is no JSON object"));
  else if (!envelope) drifts.push(drift("broken", "success", "must be true or false"));
  return drifts;
}
