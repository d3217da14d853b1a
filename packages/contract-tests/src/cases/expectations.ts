import { type Answers, type Issue, issuesOf, type Operation, type Rule } from "@auto-extend/core";
import type { Difference } from "../report/report.js";
import { type Answer, isJsonObject, type JsonObject, jsonObject, mediaType } from "./answer.js";
import type { Expectation } from "./case.js";

/**
 * What is lawful for a server to answer to one operation: not as narrow as what our own mock emits, yet with every
 * type as a strict reader needs it. Each part is claimed by the operation's statement of that name.
 */
export interface Envelope {
  readonly operation: Operation;
  readonly lawful: Answers;
  /** What the schemas can't say; a `statement` is the last part of the id of the one it disproves. */
  readonly check: (request: JsonObject, answer: JsonObject) => readonly (Issue & { statement?: string })[];
}

/** What is expected of a success, beyond its envelope. */
export interface SuccessOptions {
  /** The id of the statement that the step is about: a refusal disproves it if there were earlier steps and they went through. */
  readonly claim?: string;
  /** The ids of the statements that a refusal disproves in any case, by its code. */
  readonly refusals?: Readonly<Record<number, readonly string[]>>;
  /** Compares the success with those of the earlier steps; what it finds disproves the claim. */
  readonly compare?: (answer: JsonObject, earlier: readonly JsonObject[]) => Issue[];
}

/** Expects a success that agrees with itself and with the request. */
export function expectSuccess(
  envelope: Envelope,
  request: JsonObject,
  { claim, refusals = {}, compare }: SuccessOptions = {},
): Expectation {
  const claims = claim === undefined ? [] : [claim];

  function judgeBody(body: JsonObject, earlier: readonly (Answer | undefined)[]): Difference[] {
    const earlierBodies = earlier.map((answer) => answer && jsonObject(answer));
    const successes = earlierBodies.filter((answer) => answer?.success === true) as JsonObject[];
    const allWentThrough = successes.length === earlier.length;
    if (body.success === false) {
      const isProven = earlier.length > 0 && allWentThrough;
      const contradicts = refusals[Number(codeOf(body))] ?? (isProven ? claims : []);
      return [{ at: "body", expected: "a success", came: `a failure: ${show(body.error)}`, contradicts }];
    }
    const broken = brokenEnvelope(envelope, "success", request, body);
    if (broken.length > 0 || !compare || !allWentThrough) return broken;
    return problemsOf(compare(body, successes), body, claims);
  }

  return {
    wanted: "a success, HTTP 200",
    judge: (answer, earlier) => judgeEnvelope(envelope, answer, (body) => judgeBody(body, earlier)),
  };
}

interface FailureOptions {
  /** The ids of the statements that another code, or a success, disproves; the rule where left out. */
  readonly claims?: readonly string[];
  /** Whether the account is not known, so that the answer must tell nothing of it. */
  readonly unknownAccount?: boolean;
}

/**
 * Expects a failure with a rule's error code. Another code disproves no meaning of one: the server only did not use it.
 */
export function expectFailure(
  envelope: Envelope,
  rule: Rule,
  { claims: contradicts = [rule.id], unknownAccount = false }: FailureOptions = {},
): Expectation {
  function judgeBody(body: JsonObject): Difference[] {
    if (body.success === true) {
      return [{ at: "body", expected: `a failure with code ${rule.code}`, came: "a success", contradicts }];
    }
    const broken = brokenEnvelope(envelope, "failure", {}, body);
    if (broken.length > 0) return broken;
    const code = codeOf(body);
    if (code !== rule.code) {
      return [{ at: "body.error.code", expected: String(rule.code), came: show(code), contradicts }];
    }
    if (!unknownAccount) return [];
    return ["balance", "currency"]
      .filter((field) => field in envelope.lawful.failure.shape && body[field] !== null)
      .map((field) => ({
        at: `body.${field}`,
        expected: "null, since the account is not known",
        came: show(body[field]),
        contradicts: [rule.id],
      }));
  }

  return {
    wanted: `a failure with code ${rule.code}, HTTP 200`,
    judge: (answer) => judgeEnvelope(envelope, answer, judgeBody),
  };
}

function judgeEnvelope(
  { operation }: Envelope,
  answer: Answer,
  judgeBody: (body: JsonObject) => Difference[],
): Difference[] {
  const contradicts = [`${operation.id}/status`];
  const problems: Difference[] = [];
  if (answer.status !== 200) {
    problems.push({ at: "status", expected: "200", came: String(answer.status), contradicts });
  }
  const type = mediaType(answer);
  if (type !== "application/json") {
    problems.push({ at: "content-type", expected: "application/json", came: type || "nothing", contradicts });
  }
  const body = jsonObject(answer);
  if (!body) return [...problems, { at: "body", expected: "a JSON object", came: answer.body, contradicts }];
  return [...problems, ...judgeBody(body)];
}

/** How an answer breaks its schema, or else contradicts itself or the request. */
function brokenEnvelope(
  envelope: Envelope,
  kind: "success" | "failure",
  request: JsonObject,
  body: JsonObject,
): Difference[] {
  const { operation, lawful, check } = envelope;
  const parsed = lawful[kind].safeParse(body);
  if (!parsed.success) return problemsOf(issuesOf(parsed.error), body, [`${operation.id}/${kind}`]);
  return check(request, body).flatMap((issue) =>
    problemsOf([issue], body, [`${operation.id}/${issue.statement ?? kind}`]),
  );
}

function problemsOf(
  issues: readonly Issue[],
  body: JsonObject,
  contradicts: readonly string[],
): Difference[] {
  return issues.map(({ path, message }) => ({
    at: path ? `body.${path}` : "body",
    expected: message,
    came: show(valueAt(body, path)),
    contradicts,
  }));
}

/** The value at a path such as `error.code` or `ipAddressIds[0]`. */
function valueAt(body: JsonObject, path: string): unknown {
  return path
    .split(/[.[\]]+/)
    .filter((part) => part !== "")
    .reduce<unknown>(
      (value, part) =>
        typeof value === "object" && value !== null ? (value as JsonObject)[part] : undefined,
      body,
    );
}

/** The error code of an envelope; `undefined` where it has none. */
export function codeOf({ error }: JsonObject): unknown {
  return isJsonObject(error) ? error.code : undefined;
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
