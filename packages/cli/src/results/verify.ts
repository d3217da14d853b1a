import { grades } from "@auto-extend/core";
import { z } from "zod/v3";

const count = z.number().int().nonnegative();
const headers = z.record(z.string());

/** One difference between what was expected and what came. */
const problem = z
  .object({
    /** The place of the answer in `exchanges`, from 0 on. */
    exchange: count,
    /** Where, such as `status` or `body.error.code`. */
    at: z.string(),
    expected: z.string(),
    came: z.string(),
    /** The ids of the statements that this disproves; empty where it may have another reason. */
    contradicts: z.array(z.string()),
  })
  .strict();

/** One request and what came of it; long texts are cut. */
const exchange = z
  .object({
    /** The body is null where none was sent. */
    sent: z.object({ method: z.string(), url: z.string(), headers, body: z.string().nullable() }).strict(),
    /** What was expected, in a few words. */
    wanted: z.string(),
    /** The answer, or why there was none. */
    came: z.union([
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
    /** The grade of the least sure statement that the case probes. */
    grade: z.enum(grades),
    /** The ids of the statements that the case probes. */
    statements: z.array(z.string()),
    /** Empty unless the case failed. */
    problems: z.array(problem),
    /** Empty unless the case failed. */
    exchanges: z.array(exchange),
    /** Why the case was left out, and the option that would let it run; null unless it was. */
    skipped: z
      .object({ reason: z.string(), option: z.enum(["allowChanges", "orders"]) })
      .strict()
      .nullable(),
    /** In milliseconds. */
    duration: z.number(),
  })
  .strict();

/** The `result` of `verify`. */
export const verification = z
  .object({
    /** The base URL that was tested. */
    target: z.string(),
    passed: count,
    failed: count,
    skipped: count,
    cases: z.array(verifiedCase),
    /** The statements of the contract that the server contradicts. */
    contradicted: z.array(
      z
        .object({
          id: z.string(),
          claim: z.string(),
          grade: z.enum(grades),
          source: z.string(),
          /** The ids of the cases that disproved it. */
          by: z.array(z.string()),
        })
        .strict(),
    ),
  })
  .strict();
