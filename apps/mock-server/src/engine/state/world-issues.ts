import { type Issue, isExactAmount } from "@auto-extend/core";
import { hasPlainYear, lastMoment, parseDate } from "../../lib/dates.js";

/**
 * Problems of a world that its schema cannot express. They are looked for in any input, so that people see them together
 * with those that the schema finds.
 */
export function worldIssues(input: unknown): Issue[] {
  return [...repeated(input), ...impossibleDates(input), ...inexactAmounts(input)];
}

function repeated(input: unknown): Issue[] {
  const issues: Issue[] = [];
  const accounts = list(input, "accounts");
  repeats(accounts, "id", "accounts");
  repeats(accounts, "apiKey", "accounts");
  for (const [index, account] of accounts.entries()) {
    const orders = list(account, "orders");
    repeats(orders, "orderId", `accounts[${index}].orders`);
    const seen = new Set<unknown>();
    for (const [at, order] of orders.entries()) {
      const path = `accounts[${index}].orders[${at}].ipAddresses`;
      repeats(list(order, "ipAddresses"), "ipAddressId", path, seen);
    }
  }
  return issues;

  function repeats(items: readonly unknown[], name: string, path: string, seen = new Set<unknown>()) {
    for (const [index, item] of items.entries()) {
      const value = field(item, name);
      if (value === undefined) continue;
      // The value itself is left out: an API key is a secret.
      if (seen.has(value))
        issues.push({ path: `${path}[${index}].${name}`, message: "is used before: it must be unique" });
      seen.add(value);
    }
  }
}

/** Dates that no calendar has or that are out of range, and addresses that never end. */
function impossibleDates(input: unknown): Issue[] {
  const issues: Issue[] = [];
  judge(input, "startsAt", "", startProblem);
  for (const [index, account] of list(input, "accounts").entries()) {
    for (const [at, order] of list(account, "orders").entries()) {
      const path = `accounts[${index}].orders[${at}]`;
      judge(order, "endsAt", `${path}.`);
      const addresses = list(order, "ipAddresses");
      for (const [place, address] of addresses.entries()) {
        judge(address, "endsAt", `${path}.ipAddresses[${place}].`);
        judge(address, "failedAt", `${path}.ipAddresses[${place}].`);
      }
      const endless = addresses.some((address) => field(address, "endsAt") === undefined);
      if (endless && field(order, "endsAt") === undefined) {
        issues.push({
          path: `${path}.endsAt`,
          message: 'is missing: give a date or a span such as "+30d", here or for each address',
        });
      }
    }
  }
  return issues;

  function judge(holder: unknown, name: string, path: string, problem = dateProblem) {
    const value = field(holder, name);
    // The schema refuses a text that is not written like a date.
    if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}T/.test(value)) return;
    const message = problem(parseDate(value));
    if (message !== null) issues.push({ path: path + name, message });
  }
}

function startProblem(time: number): string | null {
  const last = new Date(lastMoment).toISOString();
  return time > lastMoment ? `must be ${last} at the latest, when the clock stops` : dateProblem(time);
}

function dateProblem(time: number): string | null {
  if (Number.isNaN(time)) return "is not a date of the calendar";
  return hasPlainYear(time) ? null : "must be in the years from 0000 to 9999 by UTC as well";
}

/** Amounts without an exact value: sums of them would be wrong. */
function inexactAmounts(input: unknown): Issue[] {
  const issues: Issue[] = [];
  for (const [index, account] of list(input, "accounts").entries()) {
    judge(field(account, "balance"), `accounts[${index}].balance`);
    const addresses = list(account, "orders").reduce<number>(
      (count, order) => count + list(order, "ipAddresses").length,
      0,
    );
    for (const [type, byDays] of entries(field(account, "prices"))) {
      for (const [days, price] of entries(byDays)) {
        judge(price, `accounts[${index}].prices.${type}.${days}`, addresses);
      }
    }
  }
  return issues;

  /** @param times the maximum number of such payments at once. */
  function judge(amount: unknown, path: string, times = 1) {
    if (typeof amount !== "number" || !Number.isFinite(amount)) return;
    if (!isExactAmount(amount))
      issues.push({ path, message: "must have at most six decimals, and nine digits before them" });
    else if (!isExactAmount(amount * times))
      issues.push({ path, message: `is too much to be counted exactly for ${times} IP addresses together` });
  }
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
