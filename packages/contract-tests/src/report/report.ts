import { grades, type OperationId, operations } from "@auto-extend/core";
import { z } from "zod/v3";

const count = z.number().int().nonnegative();
const headers = z.record(z.string());
const list = <Item extends z.ZodTypeAny>(item: Item) => z.array(item).readonly();
const operationIds = operations.map(({ id }) => id) as [OperationId, ...OperationId[]];

const problem = z.strictObject({
  /** The place, such as `status`, `content-type`, `body.error.code` or `order 11111, IP address 22222`. */
  at: z.string(),
  /** Says what is wrong or was expected there. */
  message: z.string(),
  /** The value found there; `null` if the message has it. */
  actual: z.string().nullable(),
  /** `accepts` or `lawful` for a finding of `checkAnswer`; `null` for an expectation of the case itself. */
  level: z.enum(["accepts", "lawful"]).nullable(),
  /** The IDs of the statements that this contradicts; empty if it may have another cause. */
  contradicts: list(z.string()),
});

const caseProblem = problem.extend({
  /** The index of the answer in the case's `exchanges`. */
  exchange: count,
});

const exchange = z.strictObject({
  sent: z.strictObject({
    method: z.string(),
    url: z.string(),
    headers,
    /** `null` if none was sent. */
    body: z.string().nullable(),
  }),
  /** The expected answer in a few words. */
  expected: z.string(),
  /** The answer, or why there was none. */
  received: z.union([
    z.strictObject({ status: z.number().int(), headers, body: z.string() }),
    z.strictObject({ failure: z.string() }),
  ]),
});

const skip = z.strictObject({ reason: z.string(), option: z.enum(["allowChanges", "orders"]).nullable() });

const serverCaseResult = z.strictObject({
  /** Stable and unique, such as `setAutoExtend/rule/order-ids/one-bad`. */
  id: z.string(),
  title: z.string(),
  outcome: z.enum(["passed", "failed", "skipped"]),
  /** The weakest grade of the statements that the case tests. */
  grade: z.enum(grades),
  /** The IDs of the contract's statements that the case tests. */
  statements: list(z.string()),
  /** Empty unless the case failed. */
  problems: list(caseProblem),
  /** The requests and their answers; empty unless the case failed. */
  exchanges: list(exchange),
  /** Why the state could not be read back, so that only answers were checked; `null` if it was read, or does not matter. */
  unchecked: z.string().nullable(),
  /** Why the case did not run; `null` if it did. */
  skipped: skip.nullable(),
  /** In milliseconds. */
  duration: z.number(),
});

const contradictedStatement = z.strictObject({
  id: z.string(),
  claim: z.string(),
  grade: z.enum(grades),
  source: z.string(),
  /** The IDs of the cases whose answers contradict it. */
  by: list(z.string()),
});

const remark = z.strictObject({
  operation: z.enum(operationIds),
  /** The place, such as `body.requestId`; without the indexes of lists: `body.list[].country`. */
  at: z.string(),
  message: z.string(),
  /** `emits`: lawful, but not as the mock answers. `lawful`: it contradicts an assumption that another case tests. */
  level: z.enum(["emits", "lawful"]),
  /** The IDs of the cases in whose answers it was found. */
  by: list(z.string()),
});

const extendState = z.strictObject({
  autoExtend: z.boolean(),
  /** In days; `null` if it is not listed. */
  rentPeriodDays: z.number().nullable(),
});

const touchedAddress = z.strictObject({
  orderId: z.string(),
  /** `null` for the whole order, if its IP addresses are not known. */
  ipAddressId: z.string().nullable(),
  /** The state before the run; `null` if it could not be read. */
  was: extendState.nullable(),
});

const notRestored = touchedAddress.extend({
  /** The state after it; `null` if it could not be read. */
  now: extendState.nullable(),
  /** Advice for the reader. */
  whatToDo: z.string(),
});

/** The schema of a {@link ServerReport}, for programs that read one. */
export const serverReport = z.strictObject({
  /** The base URL that was tested. */
  target: z.string(),
  passed: count,
  failed: count,
  skipped: count,
  /** How many statements of the contract the cases tested, and with what result. */
  statements: z.strictObject({
    total: count,
    tested: count,
    confirmed: count,
    contradicted: count,
    notTested: count,
  }),
  cases: list(serverCaseResult),
  /** The statements of the contract that the server contradicts. */
  contradicted: list(contradictedStatement),
  /** How answers differ from the contract, or from those of the mock, without failing the case that got them. */
  remarks: list(remark),
  /** The IP addresses whose auto-extend is not known to be as it was before the run; empty if all is restored. */
  notRestored: list(notRestored),
});

/** The result of a run: plain JSON, without the API key and without credentials of proxies. */
export type ServerReport = z.infer<typeof serverReport>;

/** The result of one case. */
export type ServerCaseResult = z.infer<typeof serverCaseResult>;

/** One thing that is wrong. */
export type Problem = z.infer<typeof problem>;

/** One thing that is wrong with an answer, or with the state after it. */
export type CaseProblem = z.infer<typeof caseProblem>;

/** One request and its answer. Texts longer than 2,000 characters are cut. */
export type Exchange = z.infer<typeof exchange>;

/** Why a case did not run, and the option of the target that would let it run; `null` if no option would. */
export type Skip = z.infer<typeof skip>;

/** A statement of the contract that the server contradicts. */
export type ContradictedStatement = z.infer<typeof contradictedStatement>;

/** A difference that did not fail a case. */
export type Remark = z.infer<typeof remark>;

/** The auto-extend setting of an IP address. */
export type ExtendState = z.infer<typeof extendState>;

/** An IP address of an order that the run may have switched. */
export type TouchedAddress = z.infer<typeof touchedAddress>;

/** An IP address, or a whole order, whose auto-extend is not known to be as it was before the run. */
export type NotRestored = z.infer<typeof notRestored>;

export function stateText({ autoExtend, rentPeriodDays }: ExtendState): string {
  const state = autoExtend ? "on" : "off";
  return rentPeriodDays === null ? state : `${state} (${rentPeriodDays} days)`;
}
