import type { Rule } from "@auto-extend/core";
import type { Account, Change } from "./store.js";

/** What is to become of a request: decided, and nothing changed yet. */
export type Outcome<Result = unknown> = Refused | Done<Result>;

/** The first rule that a request breaks. */
export interface Refused {
  readonly broken: Pick<Rule, "id" | "code">;
  /** What broke it, for people. */
  readonly why: string;
}

/** A request that breaks no rule. */
export interface Done<Result = unknown> {
  readonly broken: null;
  readonly why: string;
  readonly result: Result;
  readonly changes: readonly Change[];
}

/** An answer of the provider's; `success` tells which one. */
export type Envelope = Readonly<Record<string, unknown>> & { readonly success: boolean };

/** How one operation of the contract is served. */
export interface ServedBy<Result = unknown> {
  /**
   * Tries the operation's rules in order; it changes nothing.
   *
   * @param account whose API key it was; `undefined` where it is nobody's.
   * @param stranger why the API key is nobody's.
   */
  decide(sent: unknown, account: Account | undefined, stranger: string): Outcome<Result>;
  /** The envelope of an outcome, its fields in the reference's order. */
  answer(outcome: Outcome<Result>, account: Account | undefined): Envelope;
}
