import type { Grade, Level, OperationId, Statement } from "@auto-extend/core";

/** The result of a run: plain JSON, without the API key and without credentials of proxies. */
export interface ServerReport {
  /** The base URL that was tested. */
  readonly target: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly cases: readonly ServerCaseResult[];
  /** The statements of the contract that the server contradicts. */
  readonly contradicted: readonly ContradictedStatement[];
  /** How answers differ from the contract, or from those of the mock, without failing the case that got them. */
  readonly remarks: readonly Remark[];
  /** The IP addresses whose auto-extend is not known to be as it was before the run; empty if all is restored. */
  readonly notRestored: readonly NotRestored[];
}

/** The result of one case. */
export interface ServerCaseResult {
  /** Stable and unique, such as `setAutoExtend/rule/order-ids/one-bad`. */
  readonly id: string;
  readonly title: string;
  readonly outcome: "passed" | "failed" | "skipped";
  /** The weakest grade of the statements that the case tests. */
  readonly grade: Grade;
  /** The ids of the contract's statements that the case tests. */
  readonly statements: readonly string[];
  /** Empty unless the case failed. */
  readonly problems: readonly CaseProblem[];
  /** The requests and their answers; empty unless the case failed. */
  readonly exchanges: readonly Exchange[];
  /**
   * Why the state of auto-extend could not be read back, so that only the answers were checked; `null` if it was read, or
   * if the case does not look at it.
   */
  readonly unchecked: string | null;
  /** Why the case did not run; `null` if it did. */
  readonly skipped: Skip | null;
  /** In milliseconds. */
  readonly duration: number;
}

/** One thing that is wrong with an answer, or with the state after it. */
export interface CaseProblem extends Problem {
  /** The index of the answer in the case's `exchanges`. */
  readonly exchange: number;
}

/** One thing that is wrong. */
export interface Problem {
  /** The place, such as `status`, `content-type`, `body.error.code` or `order 11111, IP address 22222`. */
  readonly at: string;
  /** Says what is wrong or was expected there. */
  readonly message: string;
  /** The value found there; `null` if the message has it. */
  readonly actual: string | null;
  /** `accepts` or `lawful` for a finding of `checkAnswer`; `null` for an expectation of the case itself. */
  readonly level: Exclude<Level, "emits"> | null;
  /** The ids of the statements that this contradicts; empty if it may have another cause. */
  readonly contradicts: readonly string[];
}

/** One request and its answer. Texts longer than 2,000 characters are cut. */
export interface Exchange {
  readonly sent: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    /** `null` if none was sent. */
    readonly body: string | null;
  };
  /** The expected answer in a few words. */
  readonly expected: string;
  /** The answer, or why there was none. */
  readonly received:
    | {
        readonly status: number;
        readonly headers: Readonly<Record<string, string>>;
        readonly body: string;
      }
    | { readonly failure: string };
}

/** Why a case did not run, and the option of the target that would let it run; `null` if no option would. */
export interface Skip {
  readonly reason: string;
  readonly option: "allowChanges" | "orders" | null;
}

/** A statement of the contract that the server contradicts. */
export interface ContradictedStatement extends Statement {
  /** The ids of the cases whose answers contradict it. */
  readonly by: readonly string[];
}

/** A difference that failed no case. */
export interface Remark {
  readonly operation: OperationId;
  /** The place, such as `body.requestId`; without the indexes of lists: `body.list[].country`. */
  readonly at: string;
  readonly message: string;
  /**
   * `emits`: lawful, and not as the mock answers. `lawful`: it contradicts an assumption, and fails the case of that
   * assumption.
   */
  readonly level: "emits" | "lawful";
  /** The ids of the cases in whose answers it was found. */
  readonly by: readonly string[];
}

/** The auto-extend setting of an IP address. */
export interface ExtendState {
  readonly autoExtend: boolean;
  /** In days; `null` if it is not listed. */
  readonly rentPeriodDays: number | null;
}

export function stateText({ autoExtend, rentPeriodDays }: ExtendState): string {
  const state = autoExtend ? "on" : "off";
  return rentPeriodDays === null ? state : `${state} (${rentPeriodDays} days)`;
}

/** An IP address of an order that the run may have switched. */
export interface TouchedAddress {
  readonly orderId: string;
  /** `null` for the whole order, if its IP addresses are not known. */
  readonly ipAddressId: string | null;
  /** The state before the run; `null` if it could not be read. */
  readonly was: ExtendState | null;
}

/** An IP address, or a whole order, whose auto-extend is not known to be as it was before the run. */
export interface NotRestored extends TouchedAddress {
  /** The state after it; `null` if it could not be read. */
  readonly now: ExtendState | null;
  /** Advice for the reader. */
  readonly whatToDo: string;
}
