import { type ZodError, type ZodErrorMap, ZodIssueCode, type ZodIssueOptionalMessage } from "zod/v3";

/** Says in plain words how a value that was written by hand does not fit a schema. */
export const schemaMessages: ZodErrorMap = (issue, { defaultError }) => ({
  message: messageOf(issue) ?? defaultError,
});

function messageOf(issue: ZodIssueOptionalMessage): string | undefined {
  switch (issue.code) {
    case ZodIssueCode.invalid_type:
      return typeMessage(expectedType(issue.expected), issue.received);
    case ZodIssueCode.invalid_literal:
      return `must be ${JSON.stringify(issue.expected)}`;
    case ZodIssueCode.invalid_enum_value:
      return `must be one of ${issue.options.join(", ")}, in this spelling`;
    case ZodIssueCode.unrecognized_keys:
      return `has unknown fields: ${issue.keys.join(", ")}`;
    case ZodIssueCode.too_small:
      if (issue.type === "string") return "must not be empty";
      if (issue.type === "array") return "must not be empty: list at least one";
      return `must be ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}`;
    case ZodIssueCode.too_big:
      return issue.type === "number"
        ? `must be ${issue.inclusive ? "at most" : "less than"} ${issue.maximum}`
        : undefined;
    case ZodIssueCode.invalid_string:
      return issue.validation === "ip"
        ? 'must be an IPv4 or IPv6 address, such as "192.0.2.1" or "2001:db8::1"'
        : undefined;
    case ZodIssueCode.invalid_union:
      return expectedTypes(issue.unionErrors, issue.path.length);
    default:
      return undefined;
  }
}

function typeMessage(expected: string, received: string): string {
  if (received === "undefined") return `is missing: give ${expected}`;
  return `must be ${expected}, not ${kind(received)}`;
}

/** Names the types that a value of a union may have, if it has none of them. */
function expectedTypes(errors: readonly ZodError[], depth: number): string | undefined {
  const all = errors.flatMap(({ issues: [first] }) =>
    first?.code === ZodIssueCode.invalid_type && first.path.length === depth
      ? [expectedType(first.expected)]
      : [],
  );
  return all.length > 0 ? `must be ${[...new Set(all)].join(" or ")}` : undefined;
}

function expectedType(type: string): string {
  return type === "boolean" ? "true or false" : kind(type);
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
