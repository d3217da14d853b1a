import { type ZodErrorMap, ZodIssueCode } from "zod";

/** Says what is wrong with a world in words for whoever writes one by hand. */
export const worldMessages: ZodErrorMap = (issue, { defaultError }) => {
  switch (issue.code) {
    case ZodIssueCode.invalid_type:
      if (issue.received === "undefined") return { message: `is missing: give ${kind(issue.expected)}` };
      return { message: `must be ${kind(issue.expected)}, not ${kind(issue.received)}` };
    case ZodIssueCode.invalid_literal:
      return { message: `must be ${JSON.stringify(issue.expected)}` };
    case ZodIssueCode.invalid_enum_value:
      return { message: `must be one of ${issue.options.join(", ")}, spelled so` };
    case ZodIssueCode.unrecognized_keys:
      return { message: `has fields that there are not: ${issue.keys.join(", ")}` };
    case ZodIssueCode.too_small:
      if (issue.type === "number") return { message: `must be at least ${issue.minimum}` };
      return {
        message: issue.type === "string" ? "must not be empty" : "must not be empty: list at least one",
      };
    case ZodIssueCode.invalid_string:
      return { message: 'must be an IPv4 or IPv6 address, such as "192.0.2.1" or "2001:db8::1"' };
    default:
      return { message: defaultError };
  }
};

function kind(type: string): string {
  if (type === "integer") return "a whole number";
  if (type === "array") return "a list";
  if (type === "object") return "an object";
  return type === "null" || type === "float" ? type : `a ${type}`;
}
