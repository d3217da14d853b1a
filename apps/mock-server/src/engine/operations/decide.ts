import {
  checkAnswer,
  type EmittedAnswers,
  formatIssues,
  formatPath,
  type Issue,
  type Operation,
  proxyTypes,
  type Rule,
  type RuleName,
  requireErrorCode,
  specOf,
  unknownApiKeyCode,
} from "@auto-extend/core";
import type { z } from "zod/v3";
import { fits, fitsStrictly } from "../../lib/fits.js";
import { quoteShort } from "../../lib/text.js";
import { decideWithFaults } from "../faults/decide.js";
import { FaultNotApplicableError } from "../faults/fault.js";
import { excerptRedaction } from "../log/redaction.js";
import type { Decision, FieldIssue } from "../log/schemas.js";
import { internalError, jsonHeaders, mockProblems, problemReply } from "../problem.js";
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
  if (problem || !route.operation) return problemResolution(problem ?? { error: internalError });
  try {
    const inParts = plan === null && request.takesParts === true;
    const context: DecisionContext = { caller, account, now, inParts };
    if (plan) {
      const { operation } = route;
      const ignoredFields = () => unknownFields(operation, input.value);
      return decideWithFaults({ route, input, plan, ignoredFields }, context);
    }
    const { decision, envelope, long, switches } = route.handler.decide(input.value, context);
    const body = long ? "" : JSON.stringify(envelope);
    return {
      decision,
      answer: { status: 200, headers: jsonHeaders, body, parts: long?.parts },
      switches,
      logRedaction: route.operation.hasCredentials
        ? excerptRedaction(route, { envelope: long?.beginning ?? envelope, body })
        : undefined,
    };
  } catch (error) {
    if (error instanceof FaultNotApplicableError) {
      const problem = { ...mockProblems.faultNotApplicable, detail: error.message };
      return { ...problemResolution({ error: problem }), withdrawn: "all" };
    }
    // A bug in the mock must not look like an answer of the provider.
    return problemResolution({ error: internalError, remark: (error as Error).message });
  }
}

export function problemResolution(problem: EngineProblem): Resolution {
  const { id, detail } = problem.error;
  const why = problem.remark ? `${detail} (${problem.remark})` : detail;
  return {
    decision: { outcome: "problem", statement: id, code: null, why, satisfied: 0, ignored: noFields },
    answer: problemReply(problem),
    switches: noSwitches,
  };
}

/** The first few unknown fields of a body, quoted. */
export function unknownFields(operation: Pick<Operation, "request">, sent: unknown): readonly string[] {
  if (!isObject(sent)) return noFields;
  const { shape } = operation.request;
  const unknown = Object.keys(sent).filter((field) => !Object.hasOwn(shape, field));
  return unknown.slice(0, maxUnknownFields).map(quoteShort);
}

function isObject(sent: unknown): sent is object {
  return typeof sent === "object" && sent !== null && !Array.isArray(sent);
}

const maxUnknownFields = 10;
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
  readonly check?: (input: RuleInput<Request>) => readonly FieldIssue[];
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
  readonly sampleOf?: (envelope: Envelope) => Envelope;
}

/** The maximum number of bad list items to report. */
export const maxReportedIssues = 3;

export function defineHandler<Op extends ServedOperation>(operation: Op, parts: Parts<Op>): Handler {
  type Request = RequestOf<Op>;
  const [keyRule, ...others] = specOf(operation).rules as readonly [NamedRule, ...NamedRule[]];
  const checks = parts.rules as Readonly<Record<string, RuleCheck<Request>>>;
  const rules = others.map((rule) => ({ rule, ...(checks[rule.name] as RuleCheck<Request>) }));
  const known = Object.entries<z.ZodTypeAny>(operation.request.shape);
  const errors = new Map([keyRule, ...others].map((rule) => [rule as Rule, errorOf(rule)]));

  function decideRules(sent: unknown, context: DecisionContext): Ruling {
    const { account, caller, now, inParts } = context;
    if (!account) {
      const ignored = unknownFields(operation, sent);
      const why = caller.unknownKeyReason;
      return refused(sent, { rule: keyRule, why, issues: undefined, satisfied: 0, ignored }, context);
    }
    const misfit = fitsStrictly(operation.request, sent) ? undefined : readMisfit(sent);
    const ignored = misfit?.ignored ?? noFields;
    // If a field does not fit its schema, the rule that checks it refuses before its value is used.
    const request = (misfit ? misfit.request : sent) as Request;
    const input: RuleInput<Request> = { account, request, now, inParts };
    const broken = firstBroken(input, misfit?.issues ?? noIssues);
    if (broken) {
      const { rule, issues, satisfied } = broken;
      const why = isObject(sent) ? broken.why : `the body is not a JSON object; ${broken.why}`;
      return refused(sent, { rule, why, issues, satisfied, ignored }, context);
    }
    const { envelope, long, why, switches } = parts.execute(input);
    requireEmitted(operation, { sent: request, envelope: parts.sampleOf?.(envelope) ?? envelope, caller });
    // One more for the rule about the API key.
    const satisfied = rules.length + 1;
    const decision: Decision = { outcome: "done", statement: null, code: null, why, satisfied, ignored };
    return { decision, envelope, long, switches };
  }

  function firstBroken(
    input: RuleInput<Request>,
    issues: readonly FieldIssue[],
  ): Omit<Broken, "ignored"> | undefined {
    for (let index = 0; index < rules.length; index += 1) {
      const { rule, field, check } = rules[index] as (typeof rules)[number];
      const misfits = issues.length > 0 ? issuesAt(issues, field) : noIssues;
      const found = misfits.length > 0 ? misfits : (check?.(input) ?? noIssues);
      if (found.length > 0) return { rule, why: formatIssues(found), issues: found, satisfied: index + 1 };
    }
    return undefined;
  }

  /** Reads a request that does not fit its schema, or has unknown fields: parses the fields that do not fit, and no others. */
  function readMisfit(sent: unknown) {
    const fields = (isObject(sent) ? sent : {}) as Readonly<Record<string, unknown>>;
    const misfits = known.filter(([field, schema]) => !fits(schema, fields[field]));
    const issues = misfits.flatMap(([field, schema]) => issuesOf(field, schema, fields[field]));
    return { request: fields, ignored: unknownFields(operation, sent), issues };
  }

  function refused(sent: unknown, broken: Broken, context: DecisionContext): Ruling {
    const { rule, why, issues, satisfied, ignored } = broken;
    const { id: statement, code } = rule;
    const envelope = refuse(sent, errors.get(rule) as ApiError, context);
    const decision: Decision = { outcome: "refused", statement, code, why, issues, satisfied, ignored };
    return { decision, envelope, switches: noSwitches };
  }

  function refuse(sent: unknown, error: ApiError, { account, caller }: RefusalContext): Envelope {
    // A refused API key has no account to report on.
    const envelope = parts.failure(error, error.code === unknownApiKeyCode ? undefined : account);
    requireEmitted(operation, { sent, envelope, caller });
    return envelope;
  }

  return {
    decide: decideRules,
    refuse,
    ruleOf: (field) => rules.find((each) => each.field === field)?.rule,
  };
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

type NamedRule = Rule & { readonly name: string };

interface Broken extends Pick<Decision, "why" | "issues" | "satisfied" | "ignored"> {
  readonly rule: Rule;
}

type RefusalContext = Pick<DecisionContext, "account" | "caller">;

/** An answer before it leaves, and the request that it answers. */
interface Emitted {
  readonly sent: unknown;
  readonly envelope: Envelope;
  readonly caller: Caller;
}

/**
 * Checks the mock's own answer against the contract. A fast check accepts nearly every answer; the rest goes to core's
 * checker, which also explains.
 *
 * @throws ContractViolation if the answer is not one that the mock may give.
 */
function requireEmitted(operation: Operation, { sent, envelope, caller }: Emitted): void {
  const { accepts, lawful } = operation;
  const { emits } = specOf(operation);
  const kind = envelope.success ? "success" : "failure";
  const isLawful =
    fits(emits[kind], envelope) && fits(lawful[kind], envelope) && fits(accepts[kind], envelope);
  const request = typeof sent === "object" && sent !== null ? sent : {};
  if (isLawful && operation.check(request, envelope, quickContext).length === 0) return;
  const exchange = { request, status: 200, headers: jsonHeader, body: { json: envelope } };
  const findings = checkAnswer(operation, exchange, { redact: caller.redactor, level: "lawful", emits });
  if (findings.length > 0) throw new ContractViolation(findings);
}

const jsonHeader = { "content-type": "application/json" };
/** Nobody reads the messages of the fast check. */
const quickContext = { show: () => "", headers: jsonHeader };

class ContractViolation extends Error {
  override readonly name = "ContractViolation";

  constructor(issues: readonly Issue[]) {
    super(`The mock's own answer breaks the contract, which is a bug in the mock: ${formatIssues(issues)}`);
  }
}

/** The first issues of a field, its items included. */
function issuesAt(issues: readonly FieldIssue[], field: string): readonly FieldIssue[] {
  const found = issues.filter(({ path }) => path === field || path.startsWith(`${field}[`));
  return found.slice(0, maxReportedIssues);
}
