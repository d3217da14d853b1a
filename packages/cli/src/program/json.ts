/** The schema of what `--json` prints, for programs that read it. */
import { z } from "zod/v3";
import type { Command } from "../app/command.js";
import { exitCodes } from "../app/errors.js";
import { jsonError } from "../app/failure.js";
import { type CommandName, commands } from "./program.js";

type Loaded<Name extends CommandName> = Awaited<ReturnType<(typeof commands)[Name]["load"]>>;
type ResultOf<Name extends CommandName> = Loaded<Name> extends Command<infer Result> ? Result : never;
type OutputOf<Name> = Name extends CommandName ? ReturnType<typeof output<Name, ResultOf<Name>>> : never;

const outputs = (await Promise.all(
  Object.entries(commands).map(async ([name, { load }]) => output(name, (await load()).result)),
)) as unknown as OutputOf<CommandName>[];

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
