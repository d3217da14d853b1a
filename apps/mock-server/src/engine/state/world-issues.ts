import { type Issue, isExactAmount } from "@auto-extend/core";
import { type Node, parseTree } from "jsonc-parser";
import { fieldsOf } from "../../lib/fits.js";

/** The problems of a world, and the lines where they are. */

/**
 * Problems of a world that concern several fields: repeated IDs, addresses that never end, and prices that are too large
 * together. They are looked for in any input, so that people see them together with those that the schema finds.
 */
export function worldIssues(input: unknown): Issue[] {
  const issues: Issue[] = [];
  const accountIds = new Set<unknown>();
  const apiKeys = new Set<unknown>();
  for (const [index, account] of list(input, "accounts").entries()) {
    const path = `accounts[${index}].`;
    checkUnique(account, "id", path, accountIds);
    checkUnique(account, "apiKey", path, apiKeys);
    checkOrders(account, path);
    checkPrices(account, path);
  }
  return issues;

  function checkOrders(account: unknown, accountPath: string): void {
    const orderIds = new Set<unknown>();
    const addressIds = new Set<unknown>();
    for (const [index, order] of list(account, "orders").entries()) {
      const path = `${accountPath}orders[${index}].`;
      checkUnique(order, "orderId", path, orderIds);
      const addresses = list(order, "ipAddresses");
      for (const [place, address] of addresses.entries()) {
        checkUnique(address, "ipAddressId", `${path}ipAddresses[${place}].`, addressIds);
      }
      const isEndless = addresses.some((address) => field(address, "endsAt") === undefined);
      if (!isEndless || field(order, "endsAt") !== undefined) continue;
      const message = 'is missing: give a date or a span such as "+30d", here or for each address';
      issues.push({ path: `${path}endsAt`, message });
    }
  }

  function checkPrices(account: unknown, path: string): void {
    const counts = list(account, "orders").map((order) => list(order, "ipAddresses").length);
    const addresses = counts.reduce((sum, count) => sum + count, 0);
    for (const [type, byDays] of entries(field(account, "prices"))) {
      for (const [days, price] of entries(byDays)) {
        if (typeof price !== "number" || !isExactAmount(price) || isExactAmount(price * addresses)) continue;
        const message = `is too large to be added up exactly for ${addresses} IP addresses`;
        issues.push({ path: `${path}prices.${type}.${days}`, message });
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
}

function list(holder: unknown, name: string): readonly unknown[] {
  const value = field(holder, name);
  return Array.isArray(value) ? value : [];
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function field(holder: unknown, name: string): unknown {
  return fieldsOf(holder)[name];
}

/**
 * Adds the line and column in the text of the file to each issue of a world, and sorts by them. A place that is missing has
 * the line of the value that lacks it, and an unknown field its own.
 */
export function withLines(
  issues: readonly Issue[],
  text: string,
): (Issue & { line: number; column: number })[] {
  const tree = parseTree(text);
  const places = issues.map((issue) => ({
    issue,
    offset: nodeAt(tree, segmentsOf(issue))?.offset ?? 0,
  }));
  places.sort((one, other) => one.offset - other.offset);
  let line = 1;
  let start = 0;
  return places.map(({ issue, offset }) => {
    line += text.slice(start, offset).split("\n").length - 1;
    start = offset;
    const column = offset === 0 ? 1 : offset - text.lastIndexOf("\n", offset - 1);
    return { ...issue, line, column };
  });
}

/** The place as far as it is there. That of a field begins with its name; of several with one name, the last one counts. */
function nodeAt(node: Node | undefined, [first, ...rest]: string[]): Node | undefined {
  if (!node || first === undefined) return node;
  const { type, children = [] } = node.type === "property" ? (node.children?.[1] ?? node) : node;
  const found = children.findLast(({ children: pair }, index) =>
    type === "array" ? String(index) === first : pair?.[0]?.value === first,
  );
  return found ? nodeAt(found, rest) : node;
}

function segmentsOf({ path, message }: Issue): string[] {
  const [, unknown] = /^unknown fields? ("(?:[^"\\]|\\.)*")/.exec(message) ?? [];
  return [...(path.match(/[^.[\]]+/g) ?? []), ...(unknown === undefined ? [] : [JSON.parse(unknown)])];
}
