import { type ZodError, type ZodErrorMap, ZodIssueCode } from "zod/v3";

/** Says what does not fit a schema in words for whoever wrote it by hand. */
export const schemaMessages: ZodErrorMap = (issue, { defaultError }) => {
  switch (issue.code) {
    case ZodIssueCode.invalid_type:
      if (issue.received === "undefined") return { message: `is missing: give ${wanted(issue.expected)}` };
      return { message: `must be ${wanted(issue.expected)}, not ${kind(issue.received)}` };
    case ZodIssueCode.invalid_literal:
      return { message: `must be ${JSON.stringify(issue.expected)}` };
    case ZodIssueCode.invalid_enum_value:
      return { message: `must be one of ${issue.options.join(", ")}, in this spelling` };
    case ZodIssueCode.unrecognized_keys:
      return { message: `has fields that there are not: ${issue.keys.join(", ")}` };
    case ZodIssueCode.too_small:
      if (issue.type === "number") {
        return { message: `must be ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}` };
      }
      return {
        message: issue.type === "string" ? "must not be empty" : "must not be empty: list at least one",
      };
    case ZodIssueCode.too_big:
      if (issue.type !== "number") return { message: defaultError };
      return { message: `must be ${issue.inclusive ? "at most" : "less than"} ${issue.maximum}` };
    case ZodIssueCode.invalid_string:
      if (issue.validation !== "ip") return { message: defaultError };
      return { message: 'must be an IPv4 or IPv6 address, such as "192.0.2.1" or "2001:db8::1"' };
    case ZodIssueCode.invalid_union: {
      const ways = wantedByAny(issue.unionErrors, issue.path.length);
      return { message: ways.length > 0 ? `must be ${ways.join(" or ")}` : defaultError };
    }
    default:
      return { message: defaultError };
  }
};

/** What the whole of a value would have to be, for each way in which it may be given. */
function wantedByAny(errors: readonly ZodError[], depth: number): string[] {
  const all = errors.flatMap(({ issues: [first] }) =>
    first?.code === ZodIssueCode.invalid_type && first.path.length === depth ? [wanted(first.expected)] : [],
  );
  return [...new Set(all)];
}

function wanted(type: string): string {
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
