/** The schema of what `--json` prints, for programs that read it. */
import { z } from "zod/v3";
import type { Command } from "../app/command.js";
import { type ExitCode, exitCodes } from "../app/errors.js";
import { type JsonError, jsonError } from "../app/failure.js";
import { type CommandName, type CommandNamed, commands, loadCommand } from "./program.js";

/** The output of a command. */
interface Output<Name extends CommandName | null, Result> {
  command: Name;
  /** Whether the exit code is 0. */
  ok: boolean;
  exitCode: ExitCode;
  /** The server's host, with its port if it names one. */
  host: string | null;
  /** `null` if an error stopped the command. */
  result: Result | null;
  /** The error that stopped the command, or that decided the exit code. */
  error: JsonError | null;
  /** The notes on stderr beside the result. */
  notes: string[];
}

type ResultOf<Name extends CommandName> =
  CommandNamed<Name> extends Command<infer Result> ? z.infer<Result> : never;

/** One document of `--json`. The command is `null` if the arguments named none. */
export type JsonOutput =
  | Output<null, null>
  | { [Name in CommandName]: Output<Name, ResultOf<Name>> }[CommandName];

const outputs = await Promise.all(
  (Object.keys(commands) as CommandName[]).map(async (name) =>
    outputOf(name, (await loadCommand(name)).result),
  ),
);

/** The output of `--json`, one document a run: success, failure and wrong usage have the same shape. */
export const jsonOutput: z.ZodType<JsonOutput, z.ZodTypeDef, unknown> = z.discriminatedUnion("command", [
  outputOf(null, z.null()),
  ...outputs,
]);

function outputOf(command: CommandName | null, result: z.ZodTypeAny) {
  return z
    .object({
      command: z.literal(command),
      ok: z.boolean(),
      exitCode: z.nativeEnum(exitCodes),
      host: z.string().nullable(),
      result: result.nullable(),
      error: jsonError.nullable(),
      notes: z.array(z.string()),
    })
    .strict();
}
