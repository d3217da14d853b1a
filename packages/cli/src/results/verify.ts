import { grades } from "@auto-extend/core";
import { z } from "zod";

/** The `result` of `verify`. */
export const verification = z
  .object({
    target: z.string(),
    passed: z.number().int(),
    failed: z.number().int(),
    skipped: z.number().int(),
    cases: z.array(
      z
        .object({
          id: z.string(),
          title: z.string(),
          outcome: z.enum(["passed", "failed", "skipped"]),
          grade: z.enum(grades),
        })
        .passthrough(),
    ),
    contradicted: z.array(
      z.object({ id: z.string(), claim: z.string(), grade: z.enum(grades) }).passthrough(),
    ),
  })
  .passthrough();
