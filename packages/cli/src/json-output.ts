import { z } from "zod/v3";
import { exitCodes } from "./exit-codes.js";
import { toldBalance } from "./results/balance.js";
import { completionScript } from "./results/completion.js";
import { examined } from "./results/doctor.js";
import { jsonError } from "./results/error.js";
import { explainedErrors } from "./results/errors.js";
import { forecasted } from "./results/forecast.js";
import { listedOrders } from "./results/orders.js";
import { soldPeriods } from "./results/periods.js";
import { pricedOrders } from "./results/price.js";
import { switched } from "./results/switch.js";
import { verification } from "./results/verify.js";

/** What stopped a run, as `--json` shows it. */
export type JsonError = z.infer<typeof jsonError>;

/** What `--json` prints, one document a run: success, failure and wrong usage have the same shape. */
export const jsonOutput = z.discriminatedUnion("command", [
  output("on", switched),
  output("off", switched),
  output("orders", listedOrders),
  output("price", pricedOrders),
  output("periods", soldPeriods),
  output("balance", toldBalance),
  output("forecast", forecasted),
  output("doctor", examined),
  output("verify", verification),
  output("errors", explainedErrors),
  output("openapi", z.object({ document: z.record(z.unknown()) }).strict()),
  output("completion", completionScript),
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
      error: jsonError.nullable(),
      /** What was told on stderr beside the result, such as dropped duplicates. */
      notes: z.array(z.string()),
    })
    .strict();
}
