import type { Rule } from "@auto-extend/core";
import type { Account, Change } from "./state/store.js";

/** What is to become of a request: decided, and nothing changed yet. */
export type Outcome<Result = unknown> = Refused | Done<Result>;

/** The first rule that a request breaks. */
export interface Refused {
  readonly broken: Pick<Rule, "id" | "code"> & {
    /** The provider's message, where it is not that of the catalogue. */
    readonly message?: string | undefined;
  };
  /** What broke it, for people. */
  readonly why: string;
  /** How many rules before it were kept. */
  readonly satisfied: number;
}

/** A request that breaks no rule. */
export interface Done<Result = unknown> extends Carried<Result> {
  readonly broken: null;
  /** How many rules there are: all were kept. */
  readonly satisfied: number;
}

/** What a request that breaks no rule comes to. */
export interface Carried<Result = unknown> {
  readonly why: string;
  readonly result: Result;
  readonly changes: readonly Change[];
}

/** What the rules look at. */
export interface Asking {
  /** The body or the query, as it was sent. */
  readonly sent: unknown;
  /** Whose API key it was; `undefined` where it is nobody's. */
  readonly account: Account | undefined;
  /** Why the API key is nobody's. */
  readonly stranger: string;
  /** The moment by the mock's clock, in ISO 8601. */
  readonly now: string;
}

/** An answer of the provider's; `success` tells which one. */
export type Envelope = Readonly<Record<string, unknown>> & { readonly success: boolean };

/** How one operation of the contract is served. */
export interface ServedBy<Result = unknown> {
  /** Tries the operation's rules in order; it changes nothing. */
  decide(asking: Asking): Outcome<Result>;
  /** The envelope of an outcome, its fields in the reference's order. */
  answer(outcome: Outcome<Result>, account: Account | undefined): Envelope;
  /** The first rule that looks at a field of the request; `undefined` where none does. */
  ruleOf(field: string): Rule | undefined;
  /** What of a large envelope is held to the contract, in its place; all of it where left out. */
  sampleOf?(envelope: Envelope): Envelope;
}
