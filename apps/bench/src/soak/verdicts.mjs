// What is to be said of an answer: each verdict is a text that says what is wrong, empty where nothing is.
import { problem, problemMediaType, setAutoExtend } from "@auto-extend/core";

/** A success of the operation within the contract, about these addresses and no others. */
export function success(answer, request, ipAddressIds) {
  const envelope = envelopeOf(answer);
  if (typeof envelope === "string") return envelope;
  if (!envelope.success) return `not a success: ${answer.body}`;
  return (
    contractIssue(envelope, request) ||
    (sameList(envelope.ipAddressIds, ipAddressIds)
      ? ""
      : `other addresses than ${ipAddressIds}: ${answer.body}`)
  );
}

/** A refusal of the operation within the contract, with one of these codes. */
export function refusal(answer, request, ...codes) {
  const envelope = envelopeOf(answer);
  if (typeof envelope === "string") return envelope;
  if (envelope.success) return `not a refusal: ${answer.body}`;
  const issue = contractIssue(envelope, request);
  return issue || (codes.includes(envelope.error.code) ? "" : `another code than ${codes}: ${answer.body}`);
}

/** A success or a refusal within the contract. */
export function lawful(answer, request, ...codes) {
  const envelope = envelopeOf(answer);
  if (typeof envelope === "string") return envelope;
  return envelope.success ? contractIssue(envelope, request) : refusal(answer, request, ...codes);
}

/** A problem document of a status. */
export function problemOf(answer, status) {
  if (answer.end !== "whole" || answer.status !== status) return `no ${status}: ${told(answer)}`;
  const parsed = problem.passthrough().safeParse(jsonOf(answer));
  if (answer.headers["content-type"] !== problemMediaType || !parsed.success)
    return `no problem: ${told(answer)}`;
  return parsed.data.status === status ? "" : `says another status: ${told(answer)}`;
}

/** JSON of a status, with whatever more it must have. */
export function json(answer, status, holds = () => true) {
  if (answer.end !== "whole" || answer.status !== status) return `no ${status}: ${told(answer)}`;
  const value = jsonOf(answer);
  return value !== undefined && holds(value) ? "" : `not what it must be: ${told(answer)}`;
}

/** An answer without a body. */
export function bare(answer, status) {
  const { end, body } = answer;
  return end === "whole" && answer.status === status && body.length === 0
    ? ""
    : `no bare ${status}: ${told(answer)}`;
}

/** The JSON in an answer; `undefined` where there is none. */
export function jsonOf({ body }) {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** An answer in a few words, for people. */
export function told({ end, status, headers, body }) {
  return `${end}, HTTP ${status}, ${headers["content-type"] ?? "no type"}: ${body.toString("utf8", 0, 300)}`;
}

/** The envelope of an answer, or what is wrong with it. */
function envelopeOf(answer) {
  const { end, status, headers } = answer;
  if (end !== "whole" || status !== 200) return `no answer of the provider's: ${told(answer)}`;
  if (headers["content-type"] !== "application/json") return `another media type: ${told(answer)}`;
  if (!/^request-\d+$/.test(headers["mock-request-id"] ?? "")) return `no id of the request: ${told(answer)}`;
  const envelope = jsonOf(answer);
  return typeof envelope === "object" && envelope !== null ? envelope : `no envelope: ${told(answer)}`;
}

function contractIssue(envelope, request) {
  const { emits, check } = setAutoExtend;
  const parsed = emits[envelope.success ? "success" : "failure"].safeParse(envelope);
  const issues = parsed.success ? check(request, envelope) : parsed.error.issues;
  return issues.length === 0
    ? ""
    : `outside the contract: ${JSON.stringify(issues)} ${JSON.stringify(envelope)}`;
}

export function sameList(one, other) {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
