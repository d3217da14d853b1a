import type * as z from "zod/v3";

/** One thing wrong with a request or an answer. */
export interface Issue {
  /** Where, such as `orderIds[0]`; empty for the whole. */
  readonly path: string;
  /** What is wrong and what was expected, for people. */
  readonly message: string;
}

/** The issues of a failed zod parse. */
export function issuesOf(error: z.ZodError): Issue[] {
  return error.issues.map(({ path, message }) => ({ path: formatPath(path), message }));
}

/** Writes a path the way code would: `orderIds[0]`, `error.code`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${part}` : part),
    "",
  );
}

/** All issues on one line, for error messages and headers. */
export function formatIssues(issues: readonly Issue[]): string {
  return issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join("; ");
}
