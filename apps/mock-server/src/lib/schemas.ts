import { formatIssues, issuesOf } from "@auto-extend/core";
import {
  type ZodError,
  type ZodErrorMap,
  type ZodIssue,
  ZodIssueCode,
  type ZodTooBigIssue,
  type ZodTooSmallIssue,
  z,
} from "zod/v3";
import { nearestOf } from "./text.js";

/**
 * Reads a value by a schema. `refuse` makes the error from the problems, which are joined in one sentence without a full stop.
 * The error also gets them one by one, as `issues`.
 *
 * @param noun what people call a field of the value.
 */
export function readWith<Schema extends z.ZodTypeAny>(
  schema: Schema,
  value: unknown,
  refuse: (problems: string) => Error,
  noun = "field",
): z.output<Schema> {
  const { success, data, error } = schema.safeParse(value, { errorMap: schemaMessages(schema, noun) });
  if (success) return data;
  const issues = issuesOf(error);
  throw Object.assign(refuse(formatIssues(issues)), { issues });
}

/** Says what is wrong with a value. The problems of a whole value have no subject of their own. */
export function withSubject(subject: string, verdict: string, problems: string): string {
  return /^(?:must|is) /.test(problems) ? `${subject} ${problems}` : `${subject} ${verdict}: ${problems}`;
}

/** The names of a record, as an enum takes them. */
export function namesOf<Name extends string>(record: Readonly<Record<Name, unknown>>): [Name, ...Name[]] {
  return Object.keys(record) as [Name, ...Name[]];
}

/** The names of a record with their meanings, as a description. */
export function meaningsOf(record: Readonly<Record<string, string>>): string {
  return Object.entries(record)
    .map(([name, meaning]) => `${name}: ${meaning}.`)
    .join(" ");
}

/** Explains to the author of a value why it does not fit a schema. */
export function schemaMessages(schema: z.ZodTypeAny, noun = "field"): ZodErrorMap {
  return (issue, { defaultError }) => {
    const message =
      issue.code === ZodIssueCode.unrecognized_keys
        ? unknownFields(issue.keys, knownFields(schema, issue.path), noun)
        : messageOf(issue as ZodIssue);
    return { message: message ?? defaultError };
  };
}

function unknownFields(names: readonly string[], known: readonly string[], noun: string): string {
  const [first = ""] = names;
  const near = names.length === 1 ? nearestOf(first, known) : undefined;
  const hint = near === undefined ? `known: ${known.join(", ")}` : `did you mean "${near}"?`;
  const list = names.map((name) => JSON.stringify(name)).join(", ");
  return `unknown ${noun}${names.length === 1 ? "" : "s"} ${list}${known.length > 0 ? ` (${hint})` : ""}`;
}

/** The fields that a schema knows at a path. */
function knownFields(schema: z.ZodTypeAny, path: readonly (string | number)[]): string[] {
  const inner = unwrapped(schema);
  const [step, ...rest] = path;
  if (inner instanceof z.ZodUnion) {
    return [...new Set((inner.options as z.ZodTypeAny[]).flatMap((option) => knownFields(option, path)))];
  }
  if (step === undefined) return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
  if (inner instanceof z.ZodArray) return knownFields(inner.element, rest);
  if (inner instanceof z.ZodRecord) return knownFields(inner.valueSchema, rest);
  const field: z.ZodTypeAny | undefined = inner instanceof z.ZodObject ? inner.shape[step] : undefined;
  return field ? knownFields(field, rest) : [];
}

function unwrapped(schema: z.ZodTypeAny): z.ZodTypeAny {
  if (schema instanceof z.ZodEffects) return unwrapped(schema.innerType());
  const isWrapped =
    schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault;
  return isWrapped ? unwrapped(schema._def.innerType) : schema;
}

function messageOf(issue: ZodIssue): string | undefined {
  switch (issue.code) {
    case ZodIssueCode.invalid_type:
      return typeMessage(expected(issue.expected), issue.received);
    case ZodIssueCode.invalid_literal:
      return literalMessage(JSON.stringify(issue.expected), issue.received);
    case ZodIssueCode.invalid_enum_value:
      return `must be one of ${issue.options.join(", ")}, in this spelling`;
    case ZodIssueCode.too_small:
    case ZodIssueCode.too_big:
      return sizeMessage(issue);
    case ZodIssueCode.invalid_string:
      if (issue.validation === "datetime")
        return 'must be a date that exists, such as "2030-01-31T12:00:00Z"';
      return issue.validation === "ip"
        ? 'must be an IPv4 or IPv6 address, such as "192.0.2.1" or "2001:db8::1"'
        : undefined;
    case ZodIssueCode.invalid_union:
      return unionMessage(issue.unionErrors, issue.path.length);
    default:
      return undefined;
  }
}

function typeMessage(type: string, received: string): string {
  return received === "undefined" ? `is required (${type})` : `must be ${type}, not ${kind(received)}`;
}

function literalMessage(expected: string, received: unknown): string {
  if (received === undefined) return `is required (${expected})`;
  // A text is not quoted: it may be a secret in the wrong place.
  const isPlain = typeof received === "number" || typeof received === "boolean";
  return isPlain ? `must be ${expected}, not ${received}` : `must be ${expected}`;
}

function sizeMessage(issue: ZodTooSmallIssue | ZodTooBigIssue): string | undefined {
  const { type, inclusive } = issue;
  if (issue.code === ZodIssueCode.too_big) {
    return type === "number" ? `must be ${inclusive ? "at most" : "less than"} ${issue.maximum}` : undefined;
  }
  if (type === "number") return `must be ${inclusive ? "at least" : "more than"} ${issue.minimum}`;
  return type === "string" ? "must not be empty" : "must not be empty: list at least one";
}

/** Lists what the whole value could have been, if none of its types fits. */
function unionMessage(errors: readonly ZodError[], depth: number): string | undefined {
  const types = errors.flatMap(({ issues: [first] }) =>
    first?.code === ZodIssueCode.invalid_type && first.path.length === depth
      ? [expected(first.expected)]
      : [],
  );
  return types.length > 0 ? `must be ${[...new Set(types)].join(" or ")}` : undefined;
}

function expected(type: string): string {
  if (type === "boolean") return "true or false";
  // The type of an enum, as TypeScript writes it.
  return type.startsWith("'") ? type.replaceAll("'", "").split(" | ").join(" or ") : kind(type);
}

function kind(type: string): string {
  return kinds[type] ?? `a ${type}`;
}

const kinds: Readonly<Record<string, string>> = {
  integer: "a whole number",
  float: "a number with decimals",
  nan: "NaN",
  array: "a list",
  object: "an object",
  null: "null",
};

/** The pieces that schemas of the control API and the request log are made of. */

/** A list, typed as the engine's read-only lists are. */
export function listOf<Item extends z.ZodTypeAny>(item: Item) {
  return z.array(item).readonly();
}

export const whole = z.number().int();
export const count = whole.min(0);

/** Any JSON value. */
export type Json = NonNullable<unknown> | null;

/** Any JSON value, but required. */
export const anyJson = z.unknown().refine((value): value is Json => value !== undefined);

/** A date in ISO 8601, as the mock writes it. */
export const date = z.string().datetime();

export const accountOrNone = z.string().nullable();
