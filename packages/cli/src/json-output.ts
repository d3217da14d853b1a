import { effects, errorNames, grades, setAutoExtend } from "@auto-extend/core";
import { z } from "zod";
import { exitCodes } from "./exit-codes.js";

const grade = z.enum(grades);

const error = z
  .object({
    name: z.enum([...errorNames, "UsageError", "Unreachable", "Declined", "Interrupted", "Bug"]),
    /** What happened and why, for people. */
    message: z.string(),
    /** What to do next, for people. */
    whatToDo: z.string(),
    /** What may have been done to the orders. */
    effect: z.enum(effects),
    /** How many times the request was sent. */
    attempts: z.number().int(),
    /** The provider's error code, or the platform's of a network failure such as `ECONNREFUSED`. */
    code: z.union([z.number(), z.string()]).nullable(),
    /** The HTTP status of the answer. */
    status: z.number().int().nullable(),
    /** What exactly is wrong with the request or the answer. */
    issues: z.array(z.object({ path: z.string(), message: z.string() }).strict()),
    /** The answer, redacted. */
    body: z.unknown(),
  })
  .strict();

/** What stopped a run, as `--json` shows it. */
export type JsonError = z.infer<typeof error>;

const switched = z.union([
  z
    .object({
      dryRun: z.literal(false),
      request: setAutoExtend.request,
      answer: setAutoExtend.accepts.success,
    })
    .strict(),
  z.object({ dryRun: z.literal(true), request: setAutoExtend.request, curl: z.string() }).strict(),
]);

const errorCode = z.union([
  z
    .object({
      known: z.literal(true),
      code: z.number(),
      id: z.string(),
      claim: z.string(),
      grade,
      source: z.string(),
      message: z.object({ text: z.string(), grade, source: z.string() }).strict(),
      meaning: z.string(),
      whatToDo: z.string(),
      concernsAutoExtend: z.boolean(),
    })
    .strict(),
  z.object({ known: z.literal(false), code: z.number(), meaning: z.string(), whatToDo: z.string() }).strict(),
]);

const report = z
  .object({
    target: z.string(),
    passed: z.number().int(),
    failed: z.number().int(),
    skipped: z.number().int(),
    cases: z.array(
      z
        .object({
          id: z.string(),
          title: z.string(),
          outcome: z.enum(["passed", "failed", "skipped"]),
          grade,
        })
        .passthrough(),
    ),
    contradicted: z.array(z.object({ id: z.string(), claim: z.string(), grade }).passthrough()),
  })
  .passthrough();

/** What `--json` prints, one document a run: success, failure and wrong usage have the same shape. */
export const jsonOutput = z.discriminatedUnion("command", [
  output("on", switched),
  output("off", switched),
  output("verify", report),
  output("errors", z.object({ errors: z.array(errorCode) }).strict()),
  output("openapi", z.object({ document: z.record(z.unknown()) }).strict()),
  // The arguments named no command.
  output(null, z.null()),
]);

/** One document of `--json`. */
export type JsonOutput = z.infer<typeof jsonOutput>;

function output<Command extends string | null, Result extends z.ZodTypeAny>(
  command: Command,
  result: Result,
) {
  return z
    .object({
      command: z.literal(command),
      /** Whether the exit code is 0. */
      ok: z.boolean(),
      exitCode: z.nativeEnum(exitCodes),
      /** The host that was talked to, with its port where it names one. */
      host: z.string().nullable(),
      /** Null where an error stopped the run. */
      result: result.nullable(),
      error: error.nullable(),
      /** What was told on stderr beside the result, such as dropped duplicates. */
      notes: z.array(z.string()),
    })
    .strict();
}
