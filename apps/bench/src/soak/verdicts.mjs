// Judges answers. Each verdict is a text that says what is wrong, or empty.
import {
  checkAnswer,
  createRedactor,
  parseBody,
  problem,
  problemMediaType,
  setAutoExtend,
  specOf,
} from "@auto-extend/core";

/** @typedef {import("../harness/connection.mjs").Answer} Answer */

/**
 * A success within the contract that lists exactly these addresses.
 *
 * @param {Answer} answer
 * @param {object} request
 * @param {readonly string[]} ipAddressIds
 */
export function success(answer, request, ipAddressIds) {
  const envelope = envelopeOf(answer, request);
  if (typeof envelope === "string") return envelope;
  return envelope.success && sameList(envelope.ipAddressIds, ipAddressIds)
    ? ""
    : `not a success with ${ipAddressIds}: ${answer.body}`;
}

/**
 * A refusal within the contract, with one of these codes.
 *
 * @param {Answer} answer
 * @param {object} request
 * @param {...number} codes
 */
export function refusal(answer, request, ...codes) {
  const envelope = envelopeOf(answer, request);
  if (typeof envelope === "string") return envelope;
  return codes.includes(envelope.error?.code) ? "" : `not a refusal with ${codes}: ${answer.body}`;
}

/**
 * A success, or a refusal with one of these codes, within the contract.
 *
 * @param {Answer} answer
 * @param {object} request
 * @param {...number} codes
 */
export function lawful(answer, request, ...codes) {
  return envelopeOf(answer, request).success ? "" : refusal(answer, request, ...codes);
}

/**
 * A problem document of this status.
 *
 * @param {Answer} answer
 * @param {number} status
 */
export function problemDocument(answer, status) {
  if (answer.end !== "complete" || answer.status !== status) return `not a ${status}: ${describe(answer)}`;
  const parsed = problem.passthrough().safeParse(jsonOf(answer));
  const isProblem = answer.headers["content-type"] === problemMediaType && parsed.success;
  if (!isProblem) return `not a problem document: ${describe(answer)}`;
  return parsed.data.status === status ? "" : `names another status: ${describe(answer)}`;
}

/**
 * JSON with this status that fulfils a condition.
 *
 * @param {Answer} answer
 * @param {number} status
 * @param {(value: any) => boolean} isRight
 */
export function json(answer, status, isRight = () => true) {
  if (answer.end !== "complete" || answer.status !== status) return `not a ${status}: ${describe(answer)}`;
  const value = jsonOf(answer);
  return value !== undefined && isRight(value) ? "" : `not as expected: ${describe(answer)}`;
}

/**
 * An answer of this status without a body.
 *
 * @param {Answer} answer
 * @param {number} status
 */
export function noContent(answer, status) {
  const isEmpty = answer.end === "complete" && answer.status === status && answer.body.length === 0;
  return isEmpty ? "" : `not an empty ${status}: ${describe(answer)}`;
}

/**
 * The JSON of an answer; undefined if it is not JSON.
 *
 * @param {{ body: Buffer }} answer
 * @returns {any}
 */
function jsonOf({ body }) {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** @param {Answer} answer */
export function describe({ end, status, headers, body }) {
  return `${end}, HTTP ${status}, ${headers["content-type"] ?? "no type"}: ${body.toString("utf8", 0, 300)}`;
}

const redact = createRedactor();

/**
 * The envelope of an answer that the mock may give to a request, or what is wrong with it.
 *
 * @param {Answer} answer
 * @param {object} request
 * @returns {any}
 */
function envelopeOf(answer, request) {
  const { end, status, headers, body } = answer;
  const isJson = headers["content-type"] === "application/json" && !headers["content-encoding"];
  if (end !== "complete" || status !== 200 || !isJson)
    return `not an answer of the provider: ${describe(answer)}`;
  if (!/^request-\d+$/.test(headers["mock-request-id"] ?? "")) return `no request ID: ${describe(answer)}`;
  const exchange = { request, status, headers, body: parseBody(body.toString()) };
  const [finding] = checkAnswer(setAutoExtend, exchange, {
    redact,
    level: "lawful",
    emits: specOf(setAutoExtend).emits,
  });
  return finding ? `outside the contract: ${JSON.stringify(finding)} ${body}` : jsonOf(answer);
}

/**
 * @param {readonly unknown[]} one
 * @param {readonly unknown[]} other
 */
function sameList(one, other) {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
