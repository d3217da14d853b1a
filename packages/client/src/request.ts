import { formatPath, type Issue, type Operation, type Redactor } from "@auto-extend/core";
import { RequestError } from "./errors.js";

/**
 * Checks the request of an operation and copies it. Fields that the operation does not have are refused: a misspelt
 * one would go unnoticed otherwise.
 *
 * @throws RequestError with everything that is wrong.
 */
export function checkedRequest(operation: Operation, input: unknown, redactor: Redactor): object {
  const parsed = operation.request.strict().safeParse(input);
  if (parsed.success) return parsed.data;
  const fields = Object.keys(operation.request.shape).join(", ");
  const issues = parsed.error.issues.flatMap((issue): Issue[] => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        path: formatPath([...issue.path, key]),
        message: `is not a field of the request; its fields are ${fields}`,
      }));
    }
    const path = formatPath(issue.path);
    return [{ path, message: path ? issue.message : `The request must be an object with ${fields}` }];
  });
  throw new RequestError(redactor.value(issues));
}
