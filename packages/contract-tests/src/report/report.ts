import type { Grade, Statement } from "@auto-extend/core";

/** What a run of the server cases found: plain JSON, and the API key is not in it. */
export interface ServerReport {
  /** The base URL that was tested. */
  readonly target: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly cases: readonly ServerCaseResult[];
  /** The statements of the contract that the server contradicts. */
  readonly contradicted: readonly ContradictedStatement[];
}

/** What became of one case. */
export interface ServerCaseResult {
  readonly id: string;
  readonly title: string;
  readonly outcome: "passed" | "failed" | "skipped";
  /** The grade of the least sure statement that the case probes. */
  readonly grade: Grade;
  /** The ids of the statements that the case probes. */
  readonly statements: readonly string[];
  /** What was wrong; empty unless the case failed. */
  readonly problems: readonly CaseProblem[];
  /** What was sent and came; empty unless the case failed. */
  readonly exchanges: readonly Exchange[];
  /** Why the case was left out; `null` unless it was. */
  readonly skipped: Skip | null;
  /** In milliseconds. */
  readonly duration: number;
}

/** A difference in one of a case's answers. */
export interface CaseProblem extends Difference {
  /** The place of the answer in the case's `exchanges`, from 0 on. */
  readonly exchange: number;
}

/** One difference between what was expected and what came. */
export interface Difference {
  /** Where, such as `status`, `content-type` or `body.error.code`. */
  readonly at: string;
  readonly expected: string;
  readonly came: string;
  /** The ids of the statements that this difference disproves; empty where it may have another reason. */
  readonly contradicts: readonly string[];
}

/** One request and what came of it. Texts longer than 2,000 characters are cut. */
export interface Exchange {
  readonly sent: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    /** `null` where none was sent. */
    readonly body: string | null;
  };
  /** What was expected, in a few words. */
  readonly wanted: string;
  /** The answer, or why there was none. */
  readonly came:
    | {
        readonly status: number;
        readonly headers: Readonly<Record<string, string>>;
        readonly body: string;
      }
    | { readonly failure: string };
}

/** Why a case was left out, and the option of the target that would let it run. */
export interface Skip {
  readonly reason: string;
  readonly option: "allowChanges" | "orders";
}

/** A statement of the contract that the server contradicts. */
export interface ContradictedStatement extends Statement {
  /** The ids of the cases that disproved it. */
  readonly by: readonly string[];
}
