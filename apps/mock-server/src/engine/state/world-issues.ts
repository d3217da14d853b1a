import { type Issue, isExactAmount } from "@auto-extend/core";
import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";
import { hasPlainYear, lastTimestamp, parseDate } from "../../lib/dates.js";

/** The problems of a world, and the lines where they are. */

/**
 * Problems of a world that its schema cannot express: repeated IDs, dates that do not exist, addresses that never end,
 * and inexact amounts. They are looked for in any input, so that people see them together with those that the schema finds.
 */
export function worldIssues(input: unknown): Issue[] {
  const issues: Issue[] = [];
  const accountIds = new Set<unknown>();
  const apiKeys = new Set<unknown>();
  checkDate(input, "startsAt", "", startProblem);
  for (const [index, account] of list(input, "accounts").entries()) {
    const path = `accounts[${index}].`;
    checkUnique(account, "id", path, accountIds);
    checkUnique(account, "apiKey", path, apiKeys);
    checkOrders(account, path);
    checkAmounts(account, path);
  }
  return issues;

  function checkOrders(account: unknown, accountPath: string): void {
    const orderIds = new Set<unknown>();
    const addressIds = new Set<unknown>();
    for (const [index, order] of list(account, "orders").entries()) {
      const path = `${accountPath}orders[${index}].`;
      checkUnique(order, "orderId", path, orderIds);
      checkDate(order, "endsAt", path);
      const addresses = list(order, "ipAddresses");
      for (const [place, address] of addresses.entries()) {
        const addressPath = `${path}ipAddresses[${place}].`;
        checkUnique(address, "ipAddressId", addressPath, addressIds);
        checkDate(address, "endsAt", addressPath);
        checkDate(address, "failedAt", addressPath);
      }
      const isEndless = addresses.some((address) => field(address, "endsAt") === undefined);
      if (!isEndless || field(order, "endsAt") !== undefined) continue;
      const message = 'is missing: give a date or a span such as "+30d", here or for each address';
      issues.push({ path: `${path}endsAt`, message });
    }
  }

  function checkAmounts(account: unknown, path: string): void {
    checkAmount(field(account, "balance"), `${path}balance`);
    const counts = list(account, "orders").map((order) => list(order, "ipAddresses").length);
    const addresses = counts.reduce((sum, count) => sum + count, 0);
    for (const [type, byDays] of entries(field(account, "prices"))) {
      for (const [days, price] of entries(byDays)) {
        checkAmount(price, `${path}prices.${type}.${days}`, addresses);
      }
    }
  }

  function checkUnique(holder: unknown, name: string, path: string, seen: Set<unknown>): void {
    const value = field(holder, name);
    // The value itself is not quoted: an API key is a secret.
    if (value !== undefined && seen.has(value))
      issues.push({ path: path + name, message: "was used before: it must be unique" });
    seen.add(value);
  }

  function checkDate(holder: unknown, name: string, path: string, problemOf = dateProblem): void {
    const value = field(holder, name);
    // The schema refuses a text that is not written like a date.
    if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}T/.test(value)) return;
    const message = problemOf(parseDate(value));
    if (message !== null) issues.push({ path: path + name, message });
  }

  /** @param times the maximum number of such payments at once. */
  function checkAmount(amount: unknown, path: string, times = 1): void {
    if (typeof amount !== "number" || !Number.isFinite(amount)) return;
    if (!isExactAmount(amount))
      issues.push({
        path,
        message: "must have at most nine digits before the decimal point and six after it",
      });
    else if (!isExactAmount(amount * times))
      issues.push({ path, message: `is too large to be added up exactly for ${times} IP addresses` });
  }
}

function startProblem(time: number): string | null {
  const last = new Date(lastTimestamp).toISOString();
  return time > lastTimestamp ? `must be ${last} at the latest, when the clock stops` : dateProblem(time);
}

function dateProblem(time: number): string | null {
  if (Number.isNaN(time)) return "is not a date that exists";
  return hasPlainYear(time) ? null : "must be in the years 0000 to 9999 in UTC, too";
}

function list(holder: unknown, name: string): readonly unknown[] {
  const value = field(holder, name);
  return Array.isArray(value) ? value : [];
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function field(holder: unknown, name: string): unknown {
  return (holder as Record<string, unknown> | null | undefined)?.[name];
}

/**
 * Adds the line of the file to each issue of a world. A place that is missing has the line of the value that lacks it.
 *
 * @param text the file, as it was sent.
 */
export function withLines<Found extends Issue>(
  issues: readonly Found[],
  text: string,
): (Found & { line: number })[] {
  const tree = parseTree(text);
  const starts = lineStarts(text);
  return issues.map((issue) => ({
    ...issue,
    line: lineOf(starts, nodeAt(tree, segmentsOf(issue.path))?.offset ?? 0),
  }));
}

function nodeAt(tree: Node | undefined, path: (string | number)[]): Node | undefined {
  for (let length = path.length; tree && length > 0; length -= 1) {
    const found = findNodeAtLocation(tree, path.slice(0, length));
    // The name of a field stands where its problem is read.
    if (found) return found.parent?.type === "property" ? found.parent : found;
  }
  return tree;
}

function segmentsOf(path: string): (string | number)[] {
  const parts = path.match(/[^.[\]]+|\[\d+\]/g) ?? [];
  return parts.map((part) => (part.startsWith("[") ? Number(part.slice(1, -1)) : part));
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}
