import * as z from "zod/v3";
import { fc } from "./fuzz.js";

/**
 * Values of a schema, for the zod kinds that the contract is made of. Objects that let unknown fields pass get some.
 *
 * @throws RangeError for any other kind.
 */
export function arbitraryOf(schema: z.ZodTypeAny): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodObject) return objectOf(schema);
  if (schema instanceof z.ZodArray) {
    const { maxLength } = schema._def;
    return fc.array(arbitraryOf(schema.element), { maxLength: maxLength?.value ?? 3 });
  }
  if (schema instanceof z.ZodNullable) return fc.option(arbitraryOf(schema.unwrap()), { nil: null });
  if (schema instanceof z.ZodOptional) return fc.option(arbitraryOf(schema.unwrap()), { nil: undefined });
  if (schema instanceof z.ZodString)
    return fc.string({ minLength: schema.minLength ?? 0 }).filter(fits(schema));
  if (schema instanceof z.ZodNumber) return numberOf(schema);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...(schema.options as string[]));
  if (schema instanceof z.ZodLiteral) return fc.constant(schema.value);
  if (schema instanceof z.ZodNull) return fc.constant(null);
  throw new RangeError(`no values for ${schema._def.typeName}`);
}

function objectOf(schema: z.AnyZodObject): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(
    Object.entries<z.ZodTypeAny>(schema.shape).map(([name, field]) => [name, arbitraryOf(field)]),
  );
  const known = fc.record(fields).map(withoutUndefined);
  if (schema._def.unknownKeys !== "passthrough") return known;
  const name = fc.string().filter((each) => !(each in schema.shape) && each !== "__proto__");
  return fc
    .tuple(fc.dictionary(name, fc.jsonValue(), { maxKeys: 3 }), known)
    .map(([unknown, object]) => ({ ...unknown, ...object }));
}

function numberOf(schema: z.ZodNumber): fc.Arbitrary<number> {
  const min = schema.minValue ?? undefined;
  const max = schema.maxValue ?? undefined;
  if (schema.isInt)
    return fc.integer({ ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) });
  return fc
    .double({ noNaN: true, noDefaultInfinity: true, ...(min === undefined ? {} : { min }) })
    .map((value) => value + 0);
}

function fits(schema: z.ZodTypeAny): (value: unknown) => boolean {
  return (value) => schema.safeParse(value).success;
}

/** JSON has no undefined: an optional field is absent. */
function withoutUndefined(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
