import { type Issue, issuesOf, type Rule, type RuleName, requireErrorCode, specOf } from "@auto-extend/core";
import type { z } from "zod/v3";
import type { Asking, Carried, Envelope, Outcome, ServedBy } from "../outcome.js";
import type { ServedOperation } from "../route.js";
import type { Account } from "../state/store.js";

/** What a rule looks at. Rules are tried in order, so each may rely on those before it. */
export interface RuleInput<Request> {
  readonly account: Account;
  readonly request: Request;
  /** The moment, in ISO 8601. */
  readonly now: string;
  /** What the request's schema says against a field. */
  readonly issues: (field: string) => readonly Issue[];
}

/** How a rule is tried. */
export interface Check<Request> {
  /** The field of the request that it looks at. */
  readonly field: string;
  /** What speaks against a request, for people; an empty text where nothing does. */
  readonly refusal: (asked: RuleInput<Request>) => string;
}

/** The provider's error in a failure. */
export interface ApiError {
  readonly code: number;
  readonly message: string;
}

type RequestOf<Operation extends ServedOperation> = z.output<Operation["request"]>;

/** What makes one operation unlike the others. */
interface Parts<Operation extends ServedOperation, Result> {
  /** One check a rule, but for the API key: without an account there is nothing to check. */
  readonly checks: Readonly<
    Record<Exclude<RuleName<Operation["id"]>, "api-key">, Check<RequestOf<Operation>>>
  >;
  /** What a request that breaks no rule comes to. */
  readonly carriedOut: (asked: RuleInput<RequestOf<Operation>>) => Carried<Result>;
  readonly success: (result: Result) => Envelope;
  /** @param account where an API key opens one: a refused key has no balance to tell of. */
  readonly failure: (error: ApiError, account: Account | undefined) => Envelope;
  readonly sampleOf?: (envelope: Envelope) => Envelope;
}

/** Makes how an operation is served: its rules are tried in order, and the first broken one decides. */
export function defineHandler<Operation extends ServedOperation, Result>(
  operation: Operation,
  { checks, carriedOut, success, failure, sampleOf }: Parts<Operation, Result>,
): ServedBy<Result> {
  const [keyRule, ...others] = specOf(operation).rules as readonly [NamedRule, ...NamedRule[]];
  const byName = checks as Readonly<Record<string, Check<RequestOf<Operation>>>>;
  const tried = others.map((rule) => ({ rule, check: byName[rule.name] as Check<RequestOf<Operation>> }));

  function decide({ sent, account, stranger, now }: Asking): Outcome<Result> {
    if (!account) return { broken: keyRule, why: stranger, satisfied: 0 };
    const isObject = typeof sent === "object" && sent !== null && !Array.isArray(sent);
    const fields = isObject ? sent : {};
    const parsed = operation.request.safeParse(fields);
    const all = parsed.success ? [] : issuesOf(parsed.error);
    const asked = {
      account,
      now,
      // Where a field does not fit its schema, the rule that looks at it refuses before its value is used.
      request: (parsed.success ? parsed.data : fields) as RequestOf<Operation>,
      issues: (field: string) => all.filter(({ path }) => path === field || path.startsWith(`${field}[`)),
    };
    for (const [index, { rule, check }] of tried.entries()) {
      const why = check.refusal(asked);
      if (!why) continue;
      // The rule on the API key was kept as well.
      return {
        broken: rule,
        why: isObject ? why : `the body is not a JSON object; ${why}`,
        satisfied: index + 1,
      };
    }
    return { broken: null, satisfied: tried.length + 1, ...carriedOut(asked) };
  }

  function answer(outcome: Outcome<Result>, account: Account | undefined): Envelope {
    if (!outcome.broken) return success(outcome.result);
    const { code, message = requireErrorCode(code).message.text } = outcome.broken;
    return failure({ code, message }, account);
  }

  return {
    decide,
    answer,
    ruleOf: (field) => tried.find(({ check }) => check.field === field)?.rule,
    ...(sampleOf ? { sampleOf } : {}),
  };
}

type NamedRule = Rule & { readonly name: string };
