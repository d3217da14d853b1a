import { errorSubjects, grades } from "@auto-extend/core";
import { z } from "zod/v3";

const grade = z.enum(grades);

const errorCode = z.union([
  z
    .object({
      known: z.literal(true),
      code: z.number(),
      id: z.string(),
      claim: z.string(),
      grade,
      source: z.string(),
      message: z.object({ text: z.string(), grade, source: z.string() }).strict(),
      meaning: z.string(),
      whatToDo: z.string(),
      about: z.enum(errorSubjects),
      concernsAutoExtend: z.boolean(),
    })
    .strict(),
  z
    .object({
      known: z.literal(false),
      code: z.number(),
      about: z.null(),
      meaning: z.string(),
      whatToDo: z.string(),
    })
    .strict(),
]);

/** The `result` of `errors`. */
export const explainedErrors = z.object({ errors: z.array(errorCode) }).strict();
