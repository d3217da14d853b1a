import {
  type Exchange as CheckedExchange,
  checkAnswer,
  describeErrorCode,
  type Finding,
  foreignText,
  issuesOf,
  kindOf,
  problem,
  problemMediaType,
  type Redactor,
  type Rule,
  specOf,
  transportErrors,
  unknownApiKeyCode,
  withoutCredentials,
  withoutCredentialsInText,
} from "@auto-extend/core";
import { parse } from "content-type";
import { redactorFor } from "../engine/log/redaction.js";
import { type Drift, driftLevels } from "../engine/log/schemas.js";
import { handlers } from "../engine/operations/index.js";
import { problemText } from "../engine/problem.js";
import { unknownFields } from "../engine/read-input.js";
import type { EngineProblem, Exchange, ServedOperation } from "../engine/types.js";
import { fieldsOf } from "../lib/fits.js";
import { headerPairs } from "../lib/headers.js";
import { namesOf } from "../lib/schemas.js";
import { type Answer, headerOf, type UnpackedBody } from "./forward.js";

// Quoted texts come from outside and end up in logs and headers, so they are redacted before they are cut.

const maxDrift = 20;
const maxMessageLength = 500;
const maxPathLength = 100;
const maxQuoteLength = 100;

export interface Answered {
  readonly answer: Answer;
  readonly body: UnpackedBody["body"];
}

/** Finds how a request and its answer, if one came, differ from the contract; `undefined` if it does not know the path. */
export function checkExchange(exchange: Exchange, answered?: Answered): Drift[] | undefined {
  const { route, input, caller } = exchange;
  const { operation } = route;
  const problem = route.problem ?? input.problem;
  if (!operation && problem?.error.id !== transportErrors.methodNotAllowed.id) return undefined;
  const json = answered && "json" in answered.body ? answered.body.json : null;
  const redact = withoutSecrets(redactorFor(json, caller.redactor), operation?.hasCredentials ?? false);
  const sent = input.value;
  const ofRequest = problem ? [ofProblem(problem)] : operation ? requestDrift(operation, sent) : [];
  return bounded([...ofRequest, ...ofAnswer()], redact);

  function ofAnswer(): Drift[] {
    if (!answered) return [];
    if (problem) return problemAnswerDrift(problem, answered);
    return operation ? answerDrift(operation, { sent, ofRequest, redact }, answered) : [];
  }
}

/** Removes API keys and credentials. Any URL in an answer with credentials can be a secret of its bearer. */
function withoutSecrets(redactor: Redactor, hasCredentials: boolean): Redactor {
  return {
    text: (text) => {
      const withoutKey = redactor.text(text);
      if (!hasCredentials) return withoutCredentialsInText(withoutKey);
      const record = withoutCredentials({ authInfo: null, text: withoutKey }) as { text: string };
      return record.text;
    },
    value: <Value>(value: Value) => withoutCredentials(redactor.value(value)) as Value,
  };
}

/** The most serious first, one for each place. */
function bounded(drift: readonly Drift[], redact: Redactor): Drift[] {
  const seen = new Set<string>();
  return namesOf(driftLevels)
    .flatMap((level) => drift.filter((each) => each.level === level))
    .filter((each) => {
      const place = `${each.direction}:${each.part}:${each.path}:${each.direction === "request" ? each.message : ""}`;
      return !seen.has(place) && seen.add(place);
    })
    .slice(0, maxDrift)
    .map((each) => ({
      ...each,
      path: foreignText(each.path, redact, maxPathLength),
      message: foreignText(each.message, redact, maxMessageLength),
    }));
}

function requestDrift(operation: ServedOperation, sent: unknown): Drift[] {
  const { error } = operation.request.safeParse(sent);
  const drift = (level: Drift["level"], path: string, message: string): Drift => ({
    direction: "request",
    level,
    part: "body",
    path,
    message,
    statement:
      level === "emits"
        ? statementOf(operation, "unknown-fields")
        : (ruleAt(operation, path)?.id ?? statementOf(operation, "malformed-fields")),
  });
  return [
    ...(error ? issuesOf(error) : []).map(({ path, message }) => drift("lawful", path, message)),
    ...unknownFields(operation, sent).map((name) => drift("emits", "", `${name} is an unknown field`)),
  ];
}

function ofProblem(problem: EngineProblem): Drift {
  const message = problemText(problem);
  const statement = problem.error.id;
  return { direction: "request", level: "lawful", part: "body", path: "", message, statement };
}

interface CheckedRequest {
  readonly sent: unknown;
  readonly ofRequest: readonly Drift[];
  readonly redact: Redactor;
}

function answerDrift(
  operation: ServedOperation,
  { sent, ofRequest, redact }: CheckedRequest,
  { answer, body }: Answered,
): Drift[] {
  const exchange: CheckedExchange = {
    request: sent,
    status: answer.status,
    headers: joined(answer.headers),
    body,
  };
  return [
    ...checkAnswer(operation, exchange, { redact, level: "lawful", emits: specOf(operation).emits }),
    ...ruleFindings(operation, ofRequest, exchange),
    ...errorFindings(operation, exchange, redact),
  ].map((finding) => ({ direction: "answer", ...finding }));
}

/** Headers by name. A header that came several times has its values joined. */
function joined(headers: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of headerPairs(headers)) {
    values[name] = Object.hasOwn(values, name) ? `${values[name]}, ${value}` : value;
  }
  return values;
}

/** The fields of an envelope that say how the request ended; `null` if the body has no envelope. */
function claimOf({ body }: CheckedExchange) {
  const kind = kindOf(body);
  if (kind === null || !("json" in body)) return null;
  const { error, balance, currency } = fieldsOf(body.json);
  const { code, message } = fieldsOf(error);
  return { success: kind === "success", code, message, balance, currency };
}

/**
 * A request that breaks the contract must be refused: by the first rule that it breaks, or by an earlier rule about
 * something that cannot be seen from here.
 */
function ruleFindings(
  operation: ServedOperation,
  ofRequest: readonly Drift[],
  exchange: CheckedExchange,
): Finding[] {
  const broken = ofRequest.filter(({ level }) => level === "lawful");
  const [first] = broken;
  const claim = claimOf(exchange);
  if (!first || !claim) return [];
  const rules: readonly Rule[] = specOf(operation).rules;
  const places = broken.map(({ path }) => rules.findIndex(({ id }) => id === ruleAt(operation, path)?.id));
  const place = Math.min(...places.filter((each) => each !== -1), rules.length);
  const drift = broken[places.indexOf(place)] ?? first;
  const { success, code } = claim;
  const isExpected =
    !success && (place === rules.length || rules.slice(0, place + 1).some((rule) => rule.code === code));
  if (isExpected) return [];
  const expected = rules[place] ? `error ${rules[place].code}` : "an error";
  const where = drift.path ? ` at ${drift.path}` : "";
  const message = `is ${success ? "true" : code}, although the request breaks the contract${where}: ${expected} was expected`;
  const path = success ? "success" : "error.code";
  return [{ part: "body", path, message, level: "lawful", statement: drift.statement }];
}

/** The provider's public lists of errors are not complete. */
function errorFindings(operation: ServedOperation, exchange: CheckedExchange, redact: Redactor): Finding[] {
  const { success = true, code, message, balance, currency } = claimOf(exchange) ?? {};
  if (success || typeof code !== "number" || typeof message !== "string") return [];
  const about = describeErrorCode(code);
  const finding = (path: string, text: string, statement: string | null): Finding => ({
    part: "body",
    path,
    message: text,
    level: "emits",
    statement,
  });
  if (!about.known) return [finding("error.code", `is ${code}, which is in no public list`, null)];
  const findings: Finding[] = [];
  if (about.about === "purchase") {
    findings.push(
      finding("error.code", `is ${code}, which is not expected for this request`, `error-code/${code}`),
    );
  }
  if (about.message.grade !== "assumed" && about.message.text !== message) {
    const shown = JSON.stringify(foreignText(message, redact, maxQuoteLength));
    const known = JSON.stringify(about.message.text);
    findings.push(
      finding(
        "error.message",
        `is ${shown} with code ${code}, but the known message is ${known}`,
        `error-code/${code}`,
      ),
    );
  }
  if (code === unknownApiKeyCode && (balance ?? currency ?? null) !== null) {
    const rule = specOf(operation).rules.find((each: Rule) => each.code === unknownApiKeyCode);
    const text = "must be null, like the currency, because the API key is unknown";
    findings.push({ ...finding("balance", text, rule?.id ?? null), level: "lawful" });
  }
  return findings;
}

// Further members are lawful in a problem document.
const lawfulProblem = problem.passthrough();

/** For a request that never reaches the rules, a problem document is assumed. */
function problemAnswerDrift({ error, headers = [] }: EngineProblem, { answer, body }: Answered): Drift[] {
  const document = lawfulProblem.safeParse("json" in body ? body.json : undefined);
  const mediaType = parse(headerOf(answer.headers, "content-type"), { parameters: false }).type;
  const method = headerOf(headers, "allow");
  const allowed = headerOf(answer.headers, "allow").split(",");
  const wrong = [
    ...(answer.status === error.status ? [] : [`the status is ${answer.status}`]),
    ...(mediaType === problemMediaType ? [] : [`the body is ${bodyText(body, mediaType)}`]),
    ...(method === "" || allowed.some((each) => each.trim() === method)
      ? []
      : [`Allow does not name ${method}`]),
    ...(document.success && document.data.status === error.status ? [] : ["the document is not complete"]),
  ];
  if (wrong.length === 0) return [];
  const message = `expected HTTP ${error.status} with a problem document (our assumption), but ${wrong.join(", ")}`;
  return [{ direction: "answer", level: "lawful", part: "body", path: "", message, statement: error.id }];
}

function bodyText(body: UnpackedBody["body"], mediaType: string): string {
  if (kindOf(body) !== null) return "the envelope of an answer";
  return "problem" in body ? mediaType || "of no media type" : "other JSON";
}

/** The rule that looks at a field of a request; the field is named by a path such as `orderIds[0]`. */
function ruleAt({ id }: ServedOperation, path: string): Rule | undefined {
  const [field = ""] = path.split(/[.[]/, 1);
  return handlers[id].ruleOf(field);
}

function statementOf(operation: ServedOperation, name: string): string | null {
  const id = `${operation.id}/${name}`;
  return specOf(operation).statements.some((each) => each.id === id) ? id : null;
}
