import { formatIssues, issuesOf } from "@auto-extend/core";
import { expect, it } from "vitest";
import { z } from "zod/v3";
import { schemaMessages } from "../../src/lib/schemas.js";

const schema = z
  .object({
    count: z.number().int().gt(0).max(9),
    share: z.number().min(0).lt(1),
    on: z.boolean(),
    choice: z.union([z.string(), z.boolean(), z.null()]),
    url: z.string().url(),
    nested: z.union([z.object({ a: z.literal(1) }), z.object({ b: z.literal(2) })]),
  })
  .partial()
  .strict();

it.each([
  [{ count: 0 }, "count: must be more than 0"],
  [{ count: 10 }, "count: must be at most 9"],
  [{ count: 1.5 }, "count: must be a whole number, not a number with decimals"],
  [{ share: -1 }, "share: must be at least 0"],
  [{ share: 1 }, "share: must be less than 1"],
  [{ share: Number.NaN }, "share: must be a number, not NaN"],
  [{ on: "yes" }, "on: must be true or false, not a string"],
  [{ choice: 1 }, "choice: must be a string or true or false or null"],
  [{ url: "x" }, "url: Invalid url"],
  [{ nested: { a: 2 } }, "nested: Invalid input"],
  [{ day: 1 }, 'unknown field "day" (known: count, share, on, choice, url, nested)'],
  [{ nestd: 1 }, 'unknown field "nestd" (did you mean "nested"?)'],
  [{ x: 1, y: 2 }, 'unknown fields "x", "y" (known: count, share, on, choice, url, nested)'],
  [[], "must be an object, not a list"],
])("%j does not fit: %s", (value, says) => {
  const { error } = schema.safeParse(value, { errorMap: schemaMessages(schema) });
  expect(error && formatIssues(issuesOf(error))).toBe(says);
});
