import {
  type Issue,
  kindOf,
  problem,
  problemMediaType,
  type RawAnswer,
  type Rule,
  type TransportError,
} from "@auto-extend/core";
import { parse } from "content-type";
import type { Problem } from "../report/report.js";
import type { Expectation } from "./case.js";

// The expectations of the cases: which of the two envelopes an answer has to be, with which error code, or which
// problem document. Whether an envelope follows the contract is for `checkAnswer` to say, before these are asked.

export type JsonObject = Record<string, unknown>;

export interface SuccessOptions {
  /** The statement that the step is about: a refusal contradicts it if there were earlier steps and they succeeded. */
  readonly claim?: string;
  /** The statements that a refusal contradicts in any case, by its error code. */
  readonly refusals?: Readonly<Record<number, readonly string[]>>;
  /** Compares the success with those of the earlier steps. Its findings contradict the claim. */
  readonly compare?: (answer: JsonObject, earlier: readonly JsonObject[]) => readonly Issue[];
}

export function expectSuccess({ claim, refusals = {}, compare }: SuccessOptions = {}): Expectation {
  const claims = claim === undefined ? [] : [claim];
  return {
    expected: "a success, HTTP 200",
    isEnvelope: true,
    judge(answer, { earlier, findings }) {
      const successes = earlier.map((each) => objectIn(each)).filter(({ success }) => success === true);
      const allSucceeded = successes.length === earlier.length;
      if (kindOf(answer.body) === "failure") {
        const isProven = earlier.length > 0 && allSucceeded;
        const { error } = objectIn(answer);
        const contradicts = refusals[Number(errorCodeOf(answer))] ?? (isProven ? claims : []);
        return [unexpected("body", "must be a success", show(error), contradicts)];
      }
      if (findings.length > 0 || !compare || !allSucceeded) return [];
      const body = objectIn(answer);
      return compare(body, successes).map(({ path, message }) =>
        unexpected(path === "" ? "body" : `body.${path}`, message, showAt(body, path), claims),
      );
    },
  };
}

interface FailureOptions {
  /** The statements that another code, or a success, contradicts (default: the rule). */
  readonly claims?: readonly string[];
  /** Whether the account is unknown, so that the answer must not show its balance. */
  readonly unknownAccount?: boolean;
}

export function expectFailure(
  rule: Rule,
  { claims = [rule.id], unknownAccount = false }: FailureOptions = {},
): Expectation {
  return {
    expected: `a failure with code ${rule.code}, HTTP 200`,
    isEnvelope: true,
    judge(answer, { findings }) {
      const kind = kindOf(answer.body);
      if (kind === "success") {
        return [unexpected("body", `must be a failure with code ${rule.code}`, "a success", claims)];
      }
      if (kind === null || findings.length > 0) return [];
      const code = errorCodeOf(answer);
      if (code !== rule.code) {
        return [unexpected("body.error.code", `must be ${rule.code}`, show(code), claims)];
      }
      if (!unknownAccount) return [];
      const body = objectIn(answer);
      return ["balance", "currency", "currencyCode"]
        .filter((field) => (body[field] ?? null) !== null)
        .map((field) =>
          unexpected(`body.${field}`, "must be null, because the account is unknown", show(body[field]), [
            rule.id,
          ]),
        );
    },
  };
}

// RFC 9457 requires none of the members, and allows others. A document that says nothing is of no use to anyone.
const lawfulProblem = problem.partial().passthrough();

export function expectProblem(error: TransportError, { allow }: { allow?: string } = {}): Expectation {
  const wrong = (at: string, message: string, actual: string | null) =>
    unexpected(at, message, actual, [error.id]);

  function judgeDocument({ body, text }: RawAnswer): Problem[] {
    const parsed = lawfulProblem.safeParse("json" in body ? body.json : undefined);
    if (!parsed.success) return [wrong("body", "must be a problem document (RFC 9457)", text)];
    const { status, title, detail, type } = parsed.data;
    if (status !== undefined && status !== error.status) {
      return [wrong("body.status", `must be ${error.status}`, String(status))];
    }
    const saysWhat = title !== undefined || detail !== undefined || (type ?? "about:blank") !== "about:blank";
    return saysWhat ? [] : [wrong("body", "must have a title, a detail or a type", text)];
  }

  return {
    expected: `HTTP ${error.status} and a problem document`,
    isEnvelope: false,
    judge(answer) {
      const { status, headers } = answer;
      if (status !== error.status) return [wrong("status", `must be ${error.status}`, String(status))];
      const allowed = (headers.allow ?? "").split(",").map((method) => method.trim());
      const mediaType = parse(headers["content-type"] ?? "", { parameters: false }).type;
      return [
        ...(allow === undefined || allowed.includes(allow)
          ? []
          : [wrong("allow", `must list ${allow}`, headers.allow ?? "missing")]),
        ...(mediaType === problemMediaType
          ? []
          : [wrong("content-type", `must be ${problemMediaType}`, mediaType || "missing")]),
        ...judgeDocument(answer),
      ];
    },
  };
}

/** `undefined` if it is neither a number nor a text. */
export function errorCodeOf(answer: RawAnswer): number | string | undefined {
  const { code } = Object(objectIn(answer).error) as JsonObject;
  return typeof code === "number" || typeof code === "string" ? code : undefined;
}

/** The object in an answer, or an empty one. */
export function objectIn(answer: Pick<RawAnswer, "body"> | undefined): JsonObject {
  const json: unknown = answer && "json" in answer.body ? answer.body.json : null;
  return typeof json === "object" && json !== null && !Array.isArray(json) ? (json as JsonObject) : {};
}

/** The value at a path such as `error.code` or `ipAddressIds[0]`, as a report shows it. */
export function showAt(root: unknown, path: string): string {
  const value = path
    .split(/[.[\]]+/)
    .filter((part) => part !== "")
    .reduce<unknown>(
      (inner, part) =>
        typeof inner === "object" && inner !== null ? (inner as JsonObject)[part] : undefined,
      root,
    );
  return show(value);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "missing";
}

function unexpected(
  at: string,
  message: string,
  actual: string | null,
  contradicts: readonly string[],
): Problem {
  return { at, message, actual, level: null, contradicts };
}
