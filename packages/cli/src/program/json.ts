/** The schema of what `--json` prints, for programs that read it. */
import { z } from "zod/v3";
import { exitCodes } from "../app/errors.js";
import { jsonError } from "../app/failure.js";
import { type Results, results } from "./results.js";

type OutputOf<Name extends keyof Results | null, Result extends z.ZodTypeAny> = z.infer<
  ReturnType<typeof outputOf<Name, Result>>
>;

/** The result of `--help` and `--version`. */
const shownText = z.strictObject({ text: z.string() });

/** One document of `--json`. The command is `null` if the arguments named none, and for the help and the version. */
export type JsonOutput =
  | OutputOf<null, typeof shownText>
  | { [Name in keyof Results]: OutputOf<Name, Results[Name]> }[keyof Results];

/** The output of `--json`, one document a run: success, failure and wrong usage have the same shape. */
export const jsonOutput = z.discriminatedUnion("command", [
  outputOf(null, shownText),
  // A list of outputs has lost which result belongs to which command.
  ...Object.entries(results).map(([name, result]) => outputOf(name as keyof Results, result)),
]) as z.ZodType<JsonOutput, z.ZodTypeDef, unknown>;

function outputOf<Name extends keyof Results | null, Result extends z.ZodTypeAny>(
  command: Name,
  result: Result,
) {
  return z.strictObject({
    command: z.literal(command),
    /** Whether the exit code is 0. */
    ok: z.boolean(),
    exitCode: z.nativeEnum(exitCodes),
    /** The server's host, with its port if it names one. */
    host: z.string().nullable(),
    /** `null` if an error stopped the command. */
    result: result.nullable(),
    /** The error that stopped the command, or that decided the exit code. */
    error: jsonError.nullable(),
    /** The notes on stderr beside the result. */
    notes: z.array(z.string()),
  });
}
