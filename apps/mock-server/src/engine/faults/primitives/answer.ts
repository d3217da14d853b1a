import { z } from "zod/v3";
import { checked, given, givenOf } from "../check.js";

const drifting = ["merge", "copy", "drop"] as const;

/** Answers with something else. */
export const answer = checked(
  z
    .object({
      code: z
        .number()
        .int()
        .optional()
        .describe("Refuses with this error code; nothing is carried out then, unless `applied` says so."),
      message: z.string().min(1).optional().describe("The message that goes with `code`."),
      body: z.unknown().describe("Any JSON in place of the answer."),
      merge: z.record(z.unknown()).optional().describe("Fields to set in an answer, null included."),
      copy: z
        .record(z.string())
        .optional()
        .describe("Fields to set in an answer to what the request has: its field, by the answer's."),
      drop: z.array(z.string()).optional().describe("Fields to leave out of an answer."),
      of: z
        .enum(["success", "failure", "both"])
        .optional()
        .describe("Which answers `merge`, `copy` and `drop` change; successes alone where left out."),
    })
    .strict()
    .describe("Answers with something else."),
  (value) => {
    const { code, message, body, of } = value;
    const drifts = givenOf(value, drifting);
    if (given(value).length === 0) {
      return [["", "must have something to answer with: give code, body, merge, copy or drop"]];
    }
    if (body !== undefined && given(value).length > 1) {
      const others = given(value).filter((name) => name !== "body");
      return [
        [
          "body",
          `stands in place of the whole answer, so that ${others.join(", ")} would do nothing: leave it out, or the rest`,
        ],
      ];
    }
    const wrong: [string, string][] = drifts
      .filter((name) => Object.keys(value[name] ?? {}).length === 0)
      .map((name) => [name, "is empty, and would do nothing: name a field, or leave it out"]);
    if (message !== undefined && code === undefined) {
      wrong.push(["message", "does nothing without code: give the error code that it goes with"]);
    }
    if (of !== undefined && drifts.length === 0) {
      wrong.push(["of", "does nothing without merge, copy or drop: give one of them, or leave it out"]);
    }
    if (code !== undefined && drifts.length > 0 && (of ?? "success") === "success") {
      wrong.push([
        "of",
        `must be failure: code makes a refusal of the answer, and ${drifts.join(", ")} would change successes alone`,
      ]);
    }
    return wrong;
  },
);
