import { z } from "zod/v3";

/**
 * Whether a schema accepts a JSON value unchanged, as far as that can be found out without parsing: many times as fast,
 * since nothing is copied and no issues are collected.
 *
 * `true` means that the schema accepts the value. `false` means that only the schema itself can say, and why. A kind of
 * schema that is not handled here costs time, never correctness.
 */
export function surelyAccepts<Schema extends z.ZodTypeAny>(
  schema: Schema,
  value: unknown,
): value is z.output<Schema> {
  let test = compiled.get(schema);
  if (!test) {
    test = compile(schema);
    compiled.set(schema, test);
  }
  return test(value);
}

type Test = (value: unknown) => boolean;

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fields of an object, for whoever checks each that it reads; none of anything else. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

/** By the schema itself, so that another schema in its place is compiled as well. */
const compiled = new WeakMap<z.ZodTypeAny, Test>();

const unknownKind: Test = () => false;

function compile(schema: z.ZodTypeAny): Test {
  if (schema._def.coerce) return unknownKind;
  if (schema instanceof z.ZodObject) return compileObject(schema);
  if (schema instanceof z.ZodArray) return compileArray(schema);
  if (schema instanceof z.ZodString) return compileString(schema);
  if (schema instanceof z.ZodNumber) return compileNumber(schema);
  if (schema instanceof z.ZodBoolean) return (value) => typeof value === "boolean";
  if (schema instanceof z.ZodNull) return (value) => value === null;
  if (schema instanceof z.ZodLiteral) return (value) => value === schema.value;
  if (schema instanceof z.ZodEnum) {
    const options: readonly unknown[] = schema.options;
    return (value) => options.includes(value);
  }
  if (schema instanceof z.ZodNullable) return orElse(null, compile(schema.unwrap()));
  if (schema instanceof z.ZodOptional) return orElse(undefined, compile(schema.unwrap()));
  return unknownKind;
}

function orElse(other: null | undefined, inner: Test): Test {
  return (value) => value === other || inner(value);
}

function compileObject(schema: z.AnyZodObject): Test {
  const { unknownKeys, catchall } = schema._def;
  // An object that strips unknown fields would not leave the value unchanged.
  if (!(catchall instanceof z.ZodNever) || unknownKeys === "strip") return unknownKind;
  const isStrict = unknownKeys === "strict";
  const fields = Object.entries<z.ZodTypeAny>(schema.shape).map(([name, each]) => ({
    name,
    test: compile(each),
  }));
  return function fitsObject(value) {
    if (!isObject(value)) return false;
    let known = 0;
    for (const { name, test } of fields) {
      const field = value[name];
      if (!test(field)) return false;
      if (field !== undefined) known += 1;
    }
    if (!isStrict) return true;
    for (const _ in value) known -= 1;
    return known === 0;
  };
}

function compileArray({
  element,
  _def: { minLength, maxLength, exactLength },
}: z.ZodArray<z.ZodTypeAny>): Test {
  if (exactLength) return unknownKind;
  const test = compile(element);
  const min = minLength?.value ?? 0;
  const max = maxLength?.value ?? Number.POSITIVE_INFINITY;
  return function fitsArray(value) {
    if (!Array.isArray(value) || value.length < min || value.length > max) return false;
    for (let index = 0; index < value.length; index += 1) if (!test(value[index])) return false;
    return true;
  };
}

function compileString({ _def: { checks } }: z.ZodString): Test {
  let min = 0;
  let pattern: RegExp | undefined;
  for (const check of checks) {
    if (check.kind === "min") min = Math.max(min, check.value);
    // A global or sticky pattern remembers where it stopped.
    else if (check.kind === "regex" && !pattern && !check.regex.global && !check.regex.sticky) {
      pattern = check.regex;
    } else return unknownKind;
  }
  return (value) => typeof value === "string" && value.length >= min && (!pattern || pattern.test(value));
}

function compileNumber({ _def: { checks } }: z.ZodNumber): Test {
  let min = Number.NEGATIVE_INFINITY;
  let max = Number.POSITIVE_INFINITY;
  let isInteger = false;
  for (const check of checks) {
    if (check.kind === "int") isInteger = true;
    else if (check.kind === "min" && check.inclusive) min = Math.max(min, check.value);
    else if (check.kind === "max" && check.inclusive) max = Math.min(max, check.value);
    // JSON has no infinite numbers, and those that JavaScript has fail the comparison below.
    else if (check.kind === "finite") {
      min = Math.max(min, -Number.MAX_VALUE);
      max = Math.min(max, Number.MAX_VALUE);
    } else return unknownKind;
  }
  // NaN fails both comparisons, as it fails the schema.
  return (value) =>
    typeof value === "number" && value >= min && value <= max && (!isInteger || Number.isInteger(value));
}
