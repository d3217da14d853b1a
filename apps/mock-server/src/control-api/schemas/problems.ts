import { problem } from "@auto-extend/core";
import { z } from "zod/v3";
import { listOf } from "./parts.js";
import { checked } from "./verification.js";

/** What is answered where a world can't be used. */
export const worldProblem = problem
  .extend({
    issues: listOf(
      z
        .object({
          path: z.string().describe("Where, such as accounts[0].balance."),
          message: z.string().describe("What is wrong there."),
        })
        .strict(),
    )
      .optional()
      .describe("All problems of the world; left out where it could not even be read."),
  })
  .describe("A world that can't be used.");

/** What is answered where the request log is not as it was expected. */
export const verifyProblem = problem
  .extend(checked)
  .describe("The request log is not as it was expected; `detail` tells all of it.");
