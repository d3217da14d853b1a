import { z } from "zod/v3";
import { anyJson, listOf } from "./parts.js";

/** What came of holding the request log to an expectation. */
export const checked = {
  found: z.number().int().describe("How many requests fit."),
  wanted: z.string().describe("How many were wanted, in words."),
  nearest: listOf(
    z
      .object({
        id: z.string().describe("The id of the request."),
        differences: listOf(
          z
            .object({
              field: z.string().describe("The field."),
              wanted: anyJson.describe("What was wanted."),
              was: z.unknown().describe("What it was; left out where it was not there."),
            })
            .strict(),
        ).describe("How it differs; an empty list where it fits, and there were too many."),
      })
      .strict(),
  ).describe("The requests that come nearest, the nearest first; empty where all is as expected."),
};

/** A request log that is as it was expected. */
export const verified = z
  .object({
    passed: z.boolean().describe("Always true: what did not pass is a problem with status 409."),
    ...checked,
    text: z.string().describe("All of it, for people."),
  })
  .strict()
  .describe("The request log is as it was expected.");
