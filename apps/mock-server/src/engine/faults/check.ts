import { z } from "zod/v3";

/** What is wrong with a value whose fields all fit, for people: the field that it is about, or none, and the words. */
export type Check<Value> = (value: Value) => readonly (readonly [field: string, message: string])[];

/** A schema that also looks at whether its fields go together. In a document it is what it was. */
export function checked<Schema extends z.ZodTypeAny>(
  schema: Schema,
  check: Check<z.output<Schema>>,
): z.ZodEffects<Schema> {
  return schema.superRefine((value, context) => {
    for (const [field, message] of check(value)) {
      context.addIssue({ code: z.ZodIssueCode.custom, path: field === "" ? [] : [field], message });
    }
  });
}

/** The names of the fields that somebody has given. */
export function given<Value extends object>(value: Value): (keyof Value & string)[] {
  return (Object.keys(value) as (keyof Value & string)[]).filter((name) => value[name] !== undefined);
}

/** Those of these fields that somebody has given. */
export function givenOf<Value extends object, Name extends keyof Value & string>(
  value: Value,
  names: readonly Name[],
): Name[] {
  return names.filter((name) => value[name] !== undefined);
}
