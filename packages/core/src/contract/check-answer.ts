import type * as z from "zod/v3";
import type { AnswerBody } from "../http/read-body.js";
import { isSuccessStatus } from "../http/status.js";
import { foreignLine } from "../privacy/foreign-text.js";
import type { Redactor } from "../privacy/redact.js";
import {
  type AnswerHeaders,
  type Answers,
  type Contradiction,
  type EmittedForm,
  type Issue,
  issuesOf,
  type Level,
  type Operation,
  type Show,
} from "./operation.js";
import { reportsFailure } from "./paging.js";

/** One request and its complete answer, as the client, the mock, its proxy and the CLI all pass it to {@link checkAnswer}. */
export interface Exchange {
  /** The JSON body of a POST, or the query of a GET, as it was sent. */
  readonly request: unknown;
  /** The HTTP status; 0 for a redirect that the platform hides. */
  readonly status: number;
  /** Only `content-type` and those about paging matter, such as `link` and `x-total-count`. */
  readonly headers: AnswerHeaders;
  readonly body: AnswerBody;
}

/** One way in which an answer differs from the contract. Its texts are bounded, clean and free of secrets. */
export interface Finding extends Issue {
  /** The part of the answer. `path` is a path in its body or the name of a header, and empty for the other parts. */
  readonly part: "body" | "status" | "content-type" | "headers";
  /**
   * The most tolerant schema set that the answer fails at this path:
   *
   * - `accepts`: the answer is of no use to a caller.
   * - `lawful`: the answer contradicts the contract, and a caller can use it.
   * - `emits`: our mock would answer differently. It contradicts nothing.
   */
  readonly level: Level;
  /** The ID of the statement that the answer contradicts; `null` for level `emits`. */
  readonly statement: string | null;
}

/** How strictly to check, and how to keep secrets out of the findings. */
export interface CheckOptions {
  readonly redact: Redactor;
  /** The strictest schema set of the operation to check against: `lawful` includes `accepts`. */
  readonly level: Exclude<Level, "emits">;
  /** The answers of our mock, `specOf(operation).emits`, to check against them as well. */
  readonly emits?: EmittedForm | undefined;
}

/** How deep an answer may be nested: anything deeper would exhaust the stack. */
const maxDepth = 100;
const maxFindings = 100;
const maxTextLength = 500;
const maxQuoteLength = 100;

/**
 * Checks an answer against the contract, for the client, the mock, its proxy, `verify` and `doctor`. They differ only in the
 * schema sets that they ask for. Returns findings up to the strictest of them, the most serious first, one for each path.
 */
export function checkAnswer(operation: Operation, exchange: Exchange, options: CheckOptions): Finding[] {
  const { redact, level, emits } = options;
  // The most tolerant first.
  const checked: SchemaSet[] = [["accepts", operation.accepts]];
  if (level === "lawful") checked.push(["lawful", operation.lawful]);
  if (emits) checked.push(["emits", emits]);
  const findings = [
    ...bodyFindings(operation, exchange, { redact, checked }),
    ...transportFindings(operation, exchange),
  ];
  // Nearly every answer ends here.
  if (findings.length === 0) return [];
  const clean = (text: string) => foreignLine(text, redact, maxTextLength);
  const seen = new Set<string>();
  return checked
    .flatMap(([each]) => findings.filter((finding) => finding.level === each))
    .filter(({ part, path }) => !seen.has(`${part}:${path}`) && seen.add(`${part}:${path}`))
    .slice(0, maxFindings)
    .map((finding) => ({ ...finding, path: clean(finding.path), message: clean(finding.message) }));
}

type SchemaSet = readonly [level: Level, answers: EmittedForm];

/** Which answer a body claims to be, by its `success`; `null` if it claims neither. */
export function kindOf(body: AnswerBody): keyof Answers | null {
  const json: unknown = "json" in body ? body.json : null;
  const claim = typeof json === "object" && json !== null && "success" in json ? json.success : null;
  return claim === true ? "success" : claim === false ? "failure" : null;
}

function bodyFindings(
  operation: Operation,
  { request, headers, body }: Exchange,
  { redact, checked }: { readonly redact: Redactor; readonly checked: readonly SchemaSet[] },
): Finding[] {
  const statement = (name: string) => `${operation.id}/${name}`;
  const unusable = (path: string, message: string): Finding[] => [
    { part: "body", path, message, level: "accepts", statement: statement("status") },
  ];
  if ("problem" in body) return unusable("", `The body ${body.problem}`);
  if (isDeeperThan(maxDepth, body.json)) {
    return unusable("", `The body is nested deeper than ${maxDepth} levels`);
  }
  const kind = kindOf(body);
  if (kind === null) return unusable("success", "must be true or false, in a JSON object");

  const ofSchemas = schemaFindings(operation, kind, { json: body.json, checked });
  if (ofSchemas.some(({ level }) => level === "accepts")) return ofSchemas;
  // Redacted before it is cut: half of a secret could not be recognized any more.
  const show: Show = (value) => {
    const text = redact.text(JSON.stringify(redact.value(value)) ?? "nothing");
    return text.length > maxQuoteLength ? `${text.slice(0, maxQuoteLength)}...` : text;
  };
  const answer = { ...(body.json as object), success: kind === "success" };
  const contradictions = [
    ...operation.check(Object(request), answer, { show, headers }),
    ...(kind === "success" ? reportedFailures(answer) : []),
  ].map((each): Finding => ({ part: "body", ...each, statement: statement(each.statement ?? kind) }));
  return [...contradictions, ...ofSchemas];
}

/** A success that also reports failures may not have done all that was requested. */
function reportedFailures(answer: object): Contradiction[] {
  return Object.entries(answer)
    .filter(([name, value]) => reportsFailure(name, value))
    .map(([path]) => ({ path, message: "reports a failure in a success", level: "lawful" }));
}

/** Tries each of the sets, so that a change to any of them changes the verdict of every caller. */
function schemaFindings(
  operation: Operation,
  kind: keyof Answers,
  { json, checked }: { readonly json: unknown; readonly checked: readonly SchemaSet[] },
): Finding[] {
  return checked.flatMap(([level, answers]) => {
    const { error } = answers[kind].safeParse(json);
    const issues = [...(error ? issuesOfAnswer(error) : []), ...(answers.check?.(json) ?? [])];
    const statement = level === "emits" ? null : `${operation.id}/${kind}`;
    return issues.map((issue): Finding => ({ part: "body", ...issue, level, statement }));
  });
}

/** The schema's own message for a missing field is advice about requests. */
function issuesOfAnswer({ issues }: z.ZodError): Issue[] {
  const isMissing = (issue: z.ZodIssue) =>
    (issue.code === "invalid_type" && issue.received === "undefined") ||
    (issue.code === "invalid_literal" && issue.received === undefined);
  const all = issues.map((issue) => (isMissing(issue) ? { ...issue, message: "is missing" } : issue));
  return issuesOf({ issues: all }, "is an unknown field");
}

/** A caller can use a failure under any status, and a success under any 2xx. */
function transportFindings(operation: Operation, { status, headers, body }: Exchange): Finding[] {
  const statement = `${operation.id}/status`;
  const findings: Finding[] = [];
  if (status !== 200) {
    const isUsable = kindOf(body) === "failure" || isSuccessStatus(status);
    const level = isUsable ? "lawful" : "accepts";
    findings.push({ part: "status", path: "", message: `must be 200; it is ${status}`, level, statement });
  }
  const type = headers["content-type"] ?? "";
  // The package that reads media types is too large for the browser's bundle of the client.
  if (!/^\s*application\/json\s*(?:;|$)/i.test(type)) {
    const message = `must be application/json; it is ${type === "" ? "missing" : type}`;
    findings.push({ part: "content-type", path: "", message, level: "lawful", statement });
  }
  return findings;
}

function isDeeperThan(levelsLeft: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levelsLeft === 0 || Object.values(value).some((item) => isDeeperThan(levelsLeft - 1, item));
}
