import type { Issue } from "../issue.js";

/** The parts of the request that an answer must agree with. */
interface Asked {
  readonly proxyType?: unknown;
  readonly rentPeriodDays?: unknown;
  readonly orderIds?: unknown;
}

/** The parts of an answer that are looked at. */
interface Answered {
  readonly success: boolean;
  readonly proxyType?: unknown;
  readonly rentPeriodDays?: unknown;
  readonly quantity?: unknown;
  readonly ipAddressIds?: unknown;
  readonly orderIds?: unknown;
}

/**
 * What the schemas of an auto-extend answer can't say: that a success agrees with itself and with the request, and
 * that a failure claims to have done nothing. Mock, client and contract tests share it.
 *
 * @returns what is wrong, for people; an empty list where nothing is.
 */
export function checkAutoExtendAnswer(request: Asked, answer: Answered): Issue[] {
  return answer.success ? successIssues(request, answer) : failureIssues(answer);
}

function successIssues(request: Asked, answer: Answered): Issue[] {
  const issues: Issue[] = [];
  for (const field of ["proxyType", "rentPeriodDays"] as const) {
    if (answer[field] !== request[field]) {
      issues.push({
        path: field,
        message: `${show(request[field])} was asked for, the answer has ${show(answer[field])}`,
      });
    }
  }
  if (Array.isArray(answer.ipAddressIds) && answer.quantity !== answer.ipAddressIds.length) {
    issues.push({
      path: "quantity",
      message: `is ${show(answer.quantity)}, but ${answer.ipAddressIds.length} IP address ids are listed`,
    });
  }
  if (Array.isArray(answer.orderIds)) issues.push(...orderIssues(request.orderIds, answer.orderIds));
  return issues;
}

/** The newer answer lists the order ids asked for; an order that is missing, or one too many, must not go unseen. */
function orderIssues(asked: unknown, answered: readonly unknown[]): Issue[] {
  const wanted = new Set(Array.isArray(asked) ? asked : []);
  const listed = new Set(answered);
  const missing = [...wanted].filter((id) => !listed.has(id));
  const extra = [...listed].filter((id) => !wanted.has(id));
  return [
    ...(missing.length > 0
      ? [{ path: "orderIds", message: `${some(missing)} asked for but not in the answer` }]
      : []),
    ...(extra.length > 0
      ? [{ path: "orderIds", message: `${some(extra)} in the answer but not asked for` }]
      : []),
  ];
}

function failureIssues(answer: Answered): Issue[] {
  const issues: Issue[] = [];
  const expect = (path: string, given: unknown, fits: boolean, wanted: string) => {
    if (!fits)
      issues.push({ path, message: `must be ${wanted} in a failure, the answer has ${show(given)}` });
  };
  const { proxyType, rentPeriodDays, quantity, ipAddressIds, orderIds } = answer;
  expect("proxyType", proxyType, proxyType === null, "null");
  expect("rentPeriodDays", rentPeriodDays, rentPeriodDays === 0, "0");
  expect("quantity", quantity, quantity === 0, "0");
  const list = ipAddressIds ?? orderIds;
  expect("ipAddressIds", list, Array.isArray(list) && list.length === 0, "an empty list");
  return issues;
}

function some(ids: readonly unknown[]): string {
  const shown = ids.slice(0, 3).map(show).join(", ");
  return ids.length > 3
    ? `${shown} and ${ids.length - 3} more are`
    : `${shown} ${ids.length === 1 ? "is" : "are"}`;
}

function show(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
