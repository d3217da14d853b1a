// The named examples of an operation: pairs of a request and the answer that the mock's default world gives to it. A
// request is spread over the document, so its parts have the same name everywhere.
import { errorCodeStatement, requireErrorCode, specOf } from "@auto-extend/core";

/** @import { Operation, Probe, OperationRequest as Request } from "@auto-extend/core" */
/** @import { ExampleObject } from "openapi3-ts/oas30" */

/**
 * @typedef {object} NamedExample
 * @property {string} name
 * @property {string} summary
 * @property {string} [description]
 * @property {string} apiKey
 * @property {Request} request the body, or the query
 * @property {unknown} answer
 * @property {Record<string, unknown>} [extensions]
 */

/**
 * The API key of an operation's examples: the mock makes an account for every key that it does not know yet. Operations
 * that change something have one of their own, so that all examples get their answers in any order.
 *
 * @param {Operation} operation
 */
function exampleApiKey({ changes }) {
  return changes ? "example-switching-key" : "example-api-key";
}

/**
 * All examples of an operation: its successes, and a refusal for each rule that a request can break within its schema.
 *
 * @param {Operation} operation
 * @returns {NamedExample[]}
 */
export function namedExamples(operation) {
  return [...successes(operation), ...refusals(operation)];
}

/**
 * The failures that no request gets that keeps to its schema, by error code.
 *
 * @param {Operation} operation
 * @returns {{ code: number, failure: unknown }[]}
 */
export function failuresWithoutExample(operation) {
  const shown = new Set(refusals(operation).map(({ code }) => code));
  const codes = new Set(specOf(operation).rules.map(({ code }) => code));
  return specOf(operation).examples.failures.filter(({ code }) => codes.has(code) && !shown.has(code));
}

/**
 * One part of each example, in the form of the document.
 *
 * @param {NamedExample[]} examples
 * @param {(example: NamedExample) => unknown} partOf `undefined` if an example has no such part
 * @returns {Record<string, ExampleObject>}
 */
export function examplesOf(examples, partOf) {
  return Object.fromEntries(
    examples.flatMap((example) => {
      const value = partOf(example);
      return value === undefined ? [] : [[example.name, { summary: example.summary, value }]];
    }),
  );
}

/**
 * The answers, with all that is said about them.
 *
 * @param {NamedExample[]} examples
 * @returns {Record<string, ExampleObject>}
 */
export function answerExamples(examples) {
  return Object.fromEntries(
    examples.map(({ name, summary, description, answer, extensions }) => [
      name,
      { summary, ...(description === undefined ? {} : { description }), value: answer, ...extensions },
    ]),
  );
}

/** @param {Operation} operation @returns {NamedExample[]} */
function successes(operation) {
  const { summary, examples } = specOf(operation);
  // Tools take the first value of each parameter, so the first example has them all.
  const length = (/** @type {{ request: unknown }} */ { request }) =>
    Object.keys(/** @type {Request} */ (request)).length;
  const entries = Object.entries(examples.requests).sort(([, a], [, b]) => length(b) - length(a));
  return entries.map(([name, { request, success }]) => ({
    name,
    summary: `${summary}: ${name}`,
    apiKey: exampleApiKey(operation),
    request: /** @type {Request} */ (request),
    answer: success,
  }));
}

/**
 * For each rule, the first of its probes that keeps to the schema of the request. Nothing is switched on by mistake.
 *
 * @param {Operation} operation
 * @returns {(NamedExample & { code: number })[]}
 */
function refusals(operation) {
  const { rules, examples } = specOf(operation);
  const valid = Object.values(examples.requests).map(({ request }) =>
    switchedOff(/** @type {Request} */ (request)),
  );
  return rules.flatMap(({ code, probes }) => {
    const requests = probes.map((probe) => ({ ...probe, request: requestOf(probe, valid) }));
    const [probe] = requests.filter(({ request }) => operation.request.safeParse(request).success);
    const failure = examples.failures.find((example) => example.code === code)?.failure;
    return probe && failure ? [refusal(code, { apiKey: exampleApiKey(operation), ...probe }, failure)] : [];
  });
}

/** @param {Request} request @returns {Request} */
function switchedOff(request) {
  return "autoExtend" in request ? { ...request, autoExtend: false } : request;
}

/**
 * @param {Probe} probe
 * @param {Request[]} valid
 * @returns {Request}
 */
function requestOf({ apiKey, needsSeveralAddresses, request }, valid) {
  const [first = {}, second = {}] = valid;
  // A wrong API key needs nothing else to be wrong.
  if (apiKey !== undefined) return first;
  const several = valid.find(({ ipAddressIds }) => Array.isArray(ipAddressIds) && ipAddressIds.length > 1);
  return /** @type {Request} */ (request(needsSeveralAddresses ? (several ?? {}) : first, second));
}

/**
 * @param {number} code
 * @param {{ title: string, apiKey: string, request: Request }} probe
 * @param {unknown} failure
 * @returns {NamedExample & { code: number }}
 */
function refusal(code, { title, apiKey, request }, failure) {
  const error = requireErrorCode(code);
  const { message, meaning, whatToDo } = error;
  const { grade, source } = errorCodeStatement(error);
  const wording =
    message.grade === "assumed" ? " The provider's wording is not public; this one is the mock's." : "";
  return {
    code,
    name: `error-${code}`,
    summary: `Error ${code}: ${message.text}`,
    description: `The answer to a request with ${title}. ${meaning} ${whatToDo}${wording}`,
    apiKey,
    request,
    answer: failure,
    extensions: { "x-evidence": { grade, source } },
  };
}
