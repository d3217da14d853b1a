import {
  type Answers,
  checkAnswer,
  type EmittedAnswers,
  formatIssues,
  formatPath,
  type Operation,
  proxyTypes,
  type Rule,
  type RuleName,
  requireErrorCode,
  specOf,
  unknownApiKeyCode,
} from "@auto-extend/core";
import type { z } from "zod/v3";
import { isObject, surelyAccepts } from "../../lib/fits.js";
import { decideWithFaults, faultProblem } from "../faults/decide.js";
import { FaultError } from "../faults/fault.js";
import { excerptRedaction } from "../log/redaction.js";
import type { Decision, FieldIssue } from "../log/schemas.js";
import { internalError, jsonHeaders, problemReply, problemText } from "../problem.js";
import { unknownFields } from "../read-input.js";
import type {
  Account,
  ApiError,
  Caller,
  DecisionContext,
  EngineProblem,
  Envelope,
  Exchange,
  Handler,
  Resolution,
  Ruling,
  ServedOperation,
  Switch,
} from "../types.js";

/**
 * Decides a request: the rules of its operation in order, then its execution, then a check of the finished envelope
 * against the contract. An operation supplies its rules and its two envelopes; the rest is the same for all of them.
 */

/**
 * Step 5: decides one request without changing anything.
 *
 * @param now by the mock's clock, in ISO 8601.
 */
export function decide(exchange: Exchange, account: Account | undefined, now: string): Resolution {
  const { request, route, caller, input, plan, problem } = exchange;
  if (problem || !route.operation) {
    // No fault changes a problem.
    const withdrawn = plan?.changes.filter(({ isAll }) => isAll);
    return { ...problemResolution(problem ?? { error: internalError }), withdrawn };
  }
  try {
    const inParts = plan === null && request.takesParts === true;
    const context: DecisionContext = { caller, account, now, inParts };
    if (plan) return decideWithFaults({ route, input, plan }, context);
    const { decision, envelope, long, switches } = route.handler.decide(input.value, context);
    const body = long ? "" : JSON.stringify(envelope);
    return {
      decision,
      answer: { status: 200, headers: jsonHeaders, body, parts: long?.parts },
      switches,
      logRedaction: route.operation.hasCredentials
        ? excerptRedaction(long?.beginning ?? envelope, body)
        : undefined,
    };
  } catch (error) {
    if (error instanceof FaultError) {
      return { ...problemResolution(faultProblem(error)), withdrawn: "all" };
    }
    // A bug in the mock must not look like an answer of the provider.
    return problemResolution({ error: internalError, remark: (error as Error).message });
  }
}

export function problemResolution(problem: EngineProblem): Resolution {
  const statement = problem.error.id;
  const why = problemText(problem);
  const issues = problem.issue && [problem.issue];
  return {
    decision: { outcome: "problem", statement, code: null, why, issues, satisfied: 0, ignored: noFields },
    answer: problemReply(problem),
    switches: noSwitches,
  };
}

const noFields: readonly string[] = [];
export const noIssues: readonly FieldIssue[] = [];
const noSwitches: readonly Switch[] = [];

/** The input of rules and execution. Rules run in order, so each can rely on those before it. */
export interface RuleInput<Request> {
  readonly account: Account;
  readonly request: Request;
  /** By the mock's clock, in ISO 8601. */
  readonly now: string;
  /** Whether a long answer may be left in parts. */
  readonly inParts: boolean;
}

/** One rule: the field that it checks, and a check beyond the field's schema that returns what is wrong. */
export interface RuleCheck<Request> {
  readonly field: string;
  readonly check?: ((input: RuleInput<Request>) => readonly FieldIssue[]) | undefined;
}

/** The result of a request that breaks no rule. */
export interface Executed<Success extends Envelope> extends Omit<Ruling, "decision"> {
  readonly envelope: Success;
  /** The reason for the answer, as a sentence. */
  readonly why: string;
}

type RequestOf<Op extends ServedOperation> = z.output<Op["request"]>;

/** The parts in which operations differ. */
interface Parts<Op extends ServedOperation> {
  /** One check for each rule except the one about the API key: without an account there is nothing to check. */
  readonly rules: Readonly<Record<Exclude<RuleName<Op["id"]>, "api-key">, RuleCheck<RequestOf<Op>>>>;
  readonly execute: (input: RuleInput<RequestOf<Op>>) => Executed<EmittedAnswers<Op["id"]>["success"]>;
  /** @param account undefined for an unknown API key: it has no balance to report. */
  readonly failure: (error: ApiError, account: Account | undefined) => EmittedAnswers<Op["id"]>["failure"];
  /** Reduces a large success to the part that is checked against the contract (default: all of it). */
  readonly sampleOf?: (envelope: EmittedAnswers<Op["id"]>["success"]) => Envelope;
}

/** The maximum number of bad list items to report. */
export const maxReportedIssues = 3;

export function defineHandler<Op extends ServedOperation>(operation: Op, parts: Parts<Op>): Handler {
  type Request = RequestOf<Op>;
  const checks: Readonly<Record<string, RuleCheck<Request>>> = parts.rules;
  const spec = specOf(operation);
  const toTry = ({ name, ...rule }: (typeof spec.rules)[number]): Tried<Request> => {
    const { field = "", check } = checks[name] ?? {};
    return { rule, error: errorOf(rule), field, check };
  };
  const [firstRule, ...otherRules] = spec.rules;
  const keyRule = toTry(firstRule);
  const rules = otherRules.map(toTry);
  const exact = operation.request.strict();
  const known = Object.entries<z.ZodTypeAny>(operation.request.shape).map(([field, schema]) => {
    return { field, schema, missing: issuesOf(field, schema, undefined) };
  });

  function decideRules(sent: unknown, context: DecisionContext): Ruling {
    const { account, caller, now, inParts } = context;
    if (!account) {
      const ignored = unknownFields(operation, sent);
      const { keyIssue: issue } = caller;
      const found = { why: issue?.message ?? "", issues: issue && [issue], satisfied: 0, ignored };
      return refused(sent, { tried: keyRule, ...found }, context);
    }
    const { fields, ignored, misfits } = surelyAccepts(exact, sent)
      ? { fields: sent, ignored: noFields, misfits: noIssues }
      : readMisfit(sent);
    // If a field does not fit its schema, the rule that checks it refuses before its value is used.
    const request = fields as Request;
    const input: RuleInput<Request> = { account, request, now, inParts };
    // One for the rule about the API key.
    let satisfied = 1;
    for (const tried of rules) {
      const issues = issuesBy(tried, input, misfits);
      if (issues.length === 0) {
        satisfied += 1;
        continue;
      }
      const found = formatIssues(issues);
      const why = isObject(sent) ? found : `the body is not a JSON object; ${found}`;
      const later = laterIssues(rules.slice(satisfied - 1), misfits);
      return refused(sent, { tried, why, issues, later, satisfied, ignored }, context);
    }
    const { envelope, long, why, switches } = parts.execute(input);
    requireEmitted(operation, parts.sampleOf?.(envelope) ?? envelope, {
      sent: request,
      caller,
      emits: spec.emits,
    });
    const decision: Decision = { outcome: "done", statement: null, code: null, why, satisfied, ignored };
    return { decision, envelope, long, switches };
  }

  /** Reads a request that does not fit its schema, or has unknown fields: parses the fields that do not fit, and no others. */
  function readMisfit(sent: unknown) {
    const fields: Readonly<Record<string, unknown>> = isObject(sent) ? sent : {};
    const misfits = known.flatMap(({ field, schema, missing }) => {
      const value = fields[field];
      if (surelyAccepts(schema, value)) return noIssues;
      // zod takes longer to explain than everything else about a refusal.
      return value === undefined ? missing : issuesOf(field, schema, value);
    });
    return { fields, ignored: unknownFields(operation, sent), misfits };
  }

  function refused(sent: unknown, { tried, ...broken }: Broken<Request>, context: DecisionContext): Ruling {
    const { id: statement, code } = tried.rule;
    const envelope = refuse(sent, tried.error, context);
    return { decision: { outcome: "refused", statement, code, ...broken }, envelope, switches: noSwitches };
  }

  function refuse(
    sent: unknown,
    error: ApiError,
    { account, caller }: Pick<DecisionContext, "account" | "caller">,
  ): Envelope {
    // A refused API key has no account to report on.
    const envelope = parts.failure(error, error.code === unknownApiKeyCode ? undefined : account);
    requireEmitted(operation, envelope, { sent, caller, emits: spec.emits });
    return envelope;
  }

  return {
    decide: decideRules,
    refuse,
    ruleOf: (field) => rules.find((each) => each.field === field)?.rule,
  };
}

/** One rule as requests are tried by it: the error of the answer if it is broken, and the check. */
interface Tried<Request> extends RuleCheck<Request> {
  readonly rule: Rule;
  readonly error: ApiError;
}

interface Broken<Request> extends Pick<Decision, "why" | "issues" | "later" | "satisfied" | "ignored"> {
  readonly tried: Tried<Request>;
}

/** The values that a field accepts, as far as its schema knows. */
const accepted: Readonly<Record<string, string>> = {
  proxyType: `one of ${proxyTypes.join(", ")}`,
  orderIds: "a list of order IDs",
  ipAddressIds: "a list of IP address IDs",
  rentPeriodDays: "a whole number of days",
  autoExtend: "true or false",
};

/** The same for the items of a list. */
const acceptedItems: Readonly<Record<string, string>> = {
  orderIds: 'an order ID, such as "11111"',
  ipAddressIds: "the ID of an IP address, in quotes",
};

function issuesOf(field: string, schema: z.ZodTypeAny, value: unknown): readonly FieldIssue[] {
  // Unlike `safeParse` it makes no error with a stack, which costs more than all the rest of a refusal.
  const { issues = [] } = schema["~standard"].validate(value) as Partial<z.ZodError>;
  return issues.map((issue) => fieldIssue(field, issue));
}

function fieldIssue(field: string, { path, message, code }: z.ZodIssue): FieldIssue {
  const isEmptyList = path.length === 0 && code === "too_small" && field in acceptedItems;
  // A pattern finds order numbers, and nothing else.
  const isOrderNumber = path.length > 0 && code === "invalid_string";
  const expected = (path.length > 0 ? acceptedItems : accepted)[field] ?? "";
  const more = isEmptyList ? ", at least one" : isOrderNumber ? ", not an order number" : "";
  return { path: formatPath([field, ...path]), message, expected: `${expected}${more}` };
}

function errorOf({ code }: Rule): ApiError {
  return { code, message: requireErrorCode(code).message.text };
}

/**
 * Checks the mock's own answer against the contract. A fast check accepts nearly every answer; the rest goes to core's
 * checker, which also explains.
 *
 * @throws Error if the answer is not one that the mock may give.
 */
function requireEmitted(
  operation: Operation,
  envelope: Envelope,
  { sent, caller, emits }: { readonly sent: unknown; readonly caller: Caller; readonly emits: Answers },
): void {
  const { accepts, lawful } = operation;
  const kind = envelope.success ? "success" : "failure";
  const isLawful =
    surelyAccepts(emits[kind], envelope) &&
    surelyAccepts(lawful[kind], envelope) &&
    surelyAccepts(accepts[kind], envelope);
  const request = typeof sent === "object" && sent !== null ? sent : {};
  if (isLawful && operation.check(request, envelope, quickContext).length === 0) return;
  const exchange = { request, status: 200, headers: jsonHeader, body: { json: envelope } };
  const findings = checkAnswer(operation, exchange, { redact: caller.redactor, level: "lawful", emits });
  if (findings.length === 0) return;
  throw new Error(
    `The mock's own answer breaks the contract, which is a bug in the mock: ${formatIssues(findings)}`,
  );
}

const jsonHeader = { "content-type": "application/json" };
/** Nobody reads the messages of the fast check. */
const quickContext = { show: () => "", headers: jsonHeader };

/** The first problem of each field that rules after the broken one would refuse; `undefined` for none. */
function laterIssues(
  [broken, ...rules]: readonly { readonly field: string }[],
  misfits: readonly FieldIssue[],
): readonly FieldIssue[] | undefined {
  if (misfits.length <= 1) return undefined;
  const fields = new Set(rules.map(({ field }) => field).filter((field) => field !== broken?.field));
  const later = [...fields].flatMap((field) => misfits.find((each) => isOfField(each, field)) ?? []);
  return later.length > 0 ? later : undefined;
}

function isOfField({ path }: FieldIssue, field: string): boolean {
  return path === field || path.startsWith(`${field}[`);
}

/** Why a request breaks a rule. */
function issuesBy<Request>(
  { field, check }: RuleCheck<Request>,
  input: RuleInput<Request>,
  misfits: readonly FieldIssue[],
): readonly FieldIssue[] {
  const found = misfits.filter((each) => isOfField(each, field));
  if (found.length === 0) return check?.(input) ?? noIssues;
  return withRest(field, found.slice(0, maxReportedIssues), found.length);
}

/** Adds how many items of a list are wrong besides the reported ones. */
export function withRest(
  field: string,
  reported: readonly FieldIssue[],
  total: number,
): readonly FieldIssue[] {
  const rest = total - reported.length;
  return rest > 0
    ? [...reported, { path: field, message: `${rest} more ${rest === 1 ? "is" : "are"} wrong`, expected: "" }]
    : reported;
}
