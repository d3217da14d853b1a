import {
  findProxyType,
  type Grade,
  gradeMeanings,
  grades,
  type OperationId,
  operations,
  type ProxyType,
  proxyTypes,
  setAutoExtend,
  specOf,
} from "@auto-extend/core";
import { z } from "zod/v3";
import {
  fileOption,
  flag,
  type OptionSpec,
  type OptionsOf,
  option,
  parseDays,
  textOption,
} from "../../app/command.js";
import { usageError } from "../../app/errors.js";

const count = z.number().int().nonnegative();
const headers = z.record(z.string());
const operationIds = operations.map(({ id }) => id) as [OperationId, ...OperationId[]];
const extendState = z.object({ autoExtend: z.boolean(), rentPeriodDays: z.number().nullable() }).strict();

/** One thing that is wrong with an answer, or with the state after it. */
const problem = z
  .object({
    /** The index of the answer in `exchanges`. */
    exchange: count,
    /** Where, such as `status`, `body.error.code` or `order 11111, IP address 22222`. */
    at: z.string(),
    /** The problem, or the expectation. */
    message: z.string(),
    /** The value that was found; null if the message says so. */
    actual: z.string().nullable(),
    /** How grave a finding about an answer is; null for an expectation of the test itself. */
    level: z.enum(["accepts", "lawful"]).nullable(),
    /** The ids of the statements that this contradicts; empty if it may have another cause. */
    contradicts: z.array(z.string()),
  })
  .strict();

/** One request and its answer. Long texts are cut. */
const exchange = z
  .object({
    /** The body is null if none was sent. */
    sent: z.object({ method: z.string(), url: z.string(), headers, body: z.string().nullable() }).strict(),
    /** The expected answer in a few words. */
    expected: z.string(),
    /** The answer, or why there was none. */
    received: z.union([
      z.object({ status: z.number().int(), headers, body: z.string() }).strict(),
      z.object({ failure: z.string() }).strict(),
    ]),
  })
  .strict();

const verifiedCase = z
  .object({
    id: z.string(),
    title: z.string(),
    outcome: z.enum(["passed", "failed", "skipped"]),
    /** The grade of the least certain statement that the case tests. */
    grade: z.enum(grades),
    /** The ids of the statements that the case tests. */
    statements: z.array(z.string()),
    /** Empty unless the case failed. */
    problems: z.array(problem),
    /** Empty unless the case failed. */
    exchanges: z.array(exchange),
    /** Why the state could not be read back, so that only the answers were checked; else null. */
    unchecked: z.string().nullable(),
    /** Why the case did not run, and the option that would let it run, if there is one; else null. */
    skipped: z
      .object({ reason: z.string(), option: z.enum(["allowChanges", "orders"]).nullable() })
      .strict()
      .nullable(),
    /** In milliseconds. */
    duration: z.number(),
  })
  .strict();

/** The schema of the result of `verify`. */
export const verification = z
  .object({
    /** The base URL that was tested. */
    target: z.string(),
    passed: count,
    failed: count,
    skipped: count,
    /** How many statements of the contract were tested, and with what result. */
    statements: z
      .object({ total: count, asked: count, confirmed: count, contradicted: count, notAsked: count })
      .strict(),
    cases: z.array(verifiedCase),
    /** The statements of the contract that the server contradicts. */
    contradicted: z.array(
      z
        .object({
          id: z.string(),
          claim: z.string(),
          grade: z.enum(grades),
          source: z.string(),
          /** The ids of the cases whose answers contradict it. */
          by: z.array(z.string()),
        })
        .strict(),
    ),
    /** How answers differ from the contract, or from those of the mock, without failing the case that got them. */
    remarks: z.array(
      z
        .object({
          operation: z.enum(operationIds),
          at: z.string(),
          message: z.string(),
          /** `emits`: lawful, and not as the mock answers. `lawful`: it contradicts an assumption with a case of its own. */
          level: z.enum(["emits", "lawful"]),
          /** The ids of the cases that saw it. */
          by: z.array(z.string()),
        })
        .strict(),
    ),
    /** The IP addresses whose auto-extend is not known to be as it was before; empty if all is restored. */
    notRestored: z.array(
      z
        .object({
          orderId: z.string(),
          /** Null for a whole order whose IP addresses are unknown. */
          ipAddressId: z.string().nullable(),
          /** Null if it could not be read. */
          was: extendState.nullable(),
          /** Null if it could not be read. */
          now: extendState.nullable(),
          whatToDo: z.string(),
        })
        .strict(),
    ),
  })
  .strict();

export type Verification = z.input<typeof verification>;

/** Orders to test with, by proxy type. */
export type Orders = Partial<
  Record<ProxyType, { readonly orderIds: readonly string[]; readonly rentPeriodDays: number }>
>;

const orderOption: OptionSpec<Orders> = {
  flags: "--order <type:id[,id...][:days]>",
  description:
    "orders to price and, with --allow-changes, to switch and restore (default: 30 days); repeatable",
  parse: addOrders,
  repeats: true,
};

/** The options of `verify`. */
export const verifyOptions = {
  allowChanges: flag(
    "--allow-changes",
    "also run the tests that can change something, if the server is not on this machine; asks first",
  ),
  order: orderOption,
  grade: option(
    "--grade <grade>",
    "run only the tests with at least this evidence: reference, sibling, observed or assumed",
    parseGrade,
    grades.map((name) => ({ name, description: gradeMeanings[name] })),
  ),
  only: textOption("--only <prefix>", "run only the tests whose id begins with this"),
  junit: fileOption("--junit <file>", "write a JUnit report for build servers"),
  yes: flag("--yes", "do not ask before --allow-changes"),
};

export type VerifyOptions = OptionsOf<typeof verifyOptions>;

/** Reads `TYPE:ID[,ID...][:DAYS]`. */
function addOrders(text: string, earlier: Orders = {}): Orders {
  const [type, ids, days, ...rest] = text.split(":");
  const proxyType = findProxyType(type ?? "");
  const rentPeriodDays =
    days === undefined
      ? specOf(setAutoExtend).examples.requests.IPv4.request.rentPeriodDays
      : parseDays(days);
  if (!proxyType || !ids || rest.length > 0 || rentPeriodDays === undefined) {
    throw usageError(
      `--order cannot read "${text}".`,
      `Write TYPE:ID[,ID...][:DAYS], such as IPv4:11111,22222:30. TYPE is one of ${proxyTypes.join(", ")}.`,
    );
  }
  if (earlier[proxyType]) {
    throw usageError(
      `--order is given twice for ${proxyType}.`,
      "Separate the order IDs of one type with commas.",
    );
  }
  return { ...earlier, [proxyType]: { orderIds: ids.split(","), rentPeriodDays } };
}

function parseGrade(text: string): Grade {
  const grade = grades.find((known) => known === text.toLowerCase());
  if (grade) return grade;
  throw usageError(`Unknown grade "${text}".`, `Use one of ${grades.join(", ")}.`);
}
