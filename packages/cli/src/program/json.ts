/** The schema of what `--json` prints, for programs that read it. */
import { z } from "zod/v3";
import type { Command } from "../app/command.js";
import { exitCodes } from "../app/errors.js";
import { jsonError } from "../app/failure.js";
import { commands } from "../commands/index.js";

type Registered = (typeof commands)[number];
type OutputOf<C> =
  C extends Command<infer Name, infer Result> ? ReturnType<typeof output<Name, Result>> : never;

const outputs = commands.map(({ name, result }) => output(name, result)) as unknown as OutputOf<Registered>[];

/** The output of `--json`, one document a run: success, failure and wrong usage have the same shape. */
export const jsonOutput = z.discriminatedUnion("command", [
  // The arguments named no command.
  output(null, z.null()),
  ...outputs,
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
      /** The server's host, with its port if it names one. */
      host: z.string().nullable(),
      /** `null` if an error stopped the command. */
      result: result.nullable(),
      /** The error that stopped the command, or that decided the exit code. */
      error: jsonError.nullable(),
      /** The notes on stderr beside the result. */
      notes: z.array(z.string()),
    })
    .strict();
}
