import { effects, errorNames } from "@auto-extend/core";
import { z } from "zod";
import { exitCodes } from "./exit-codes.js";
import { explainedErrors } from "./results/errors.js";
import { switched } from "./results/switch.js";
import { verification } from "./results/verify.js";

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

/** What `--json` prints, one document a run: success, failure and wrong usage have the same shape. */
export const jsonOutput = z.discriminatedUnion("command", [
  output("on", switched),
  output("off", switched),
  output("verify", verification),
  output("errors", explainedErrors),
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
