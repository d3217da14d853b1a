import type { ListedOrder } from "@auto-extend/core";
import {
  choice,
  defineCommand,
  flag,
  type OptionsOf,
  option,
  parseTime,
  textOption,
  typeOption,
} from "../app/command.js";
import type { Context } from "../app/context.js";
import { usageError } from "../app/errors.js";
import {
  type Column,
  clean,
  csvLine,
  harmlessCell,
  numberText,
  pluralize,
  table,
  timestampText,
  wrap,
} from "../app/format.js";
import type { OrderRow } from "../program/results.js";

const sortColumns = {
  order: ({ orderId }: OrderRow) => orderId,
  type: ({ proxyType }: OrderRow) => proxyType,
  addresses: ({ addresses }: OrderRow) => addresses,
  country: ({ countries }: OrderRow) => countries[0] ?? null,
  ends: ({ endsAt }: OrderRow) => endsAt,
  auto: ({ autoExtend }: OrderRow) => autoExtend,
  days: ({ rentPeriodDays }: OrderRow) => rentPeriodDays[0] ?? null,
};
type SortName = keyof typeof sortColumns;
type SortKey = SortName | `-${SortName}`;
const sortNames = Object.keys(sortColumns) as SortName[];

const options = {
  type: typeOption("only this proxy type: IPv4, IPv6, MOBILE or ISP"),
  endingWithin: option(
    "--ending-within <span>",
    "only orders that end within hours, days or weeks: 12h, 7d, 2w",
    parseSpan,
  ),
  auto: choice(
    "--auto <state>",
    "only orders with auto-extend on, or off; an order that is partly on is both",
    [{ name: "on" }, { name: "off" }],
  ),
  country: textOption("--country <country>", "only orders with an IP address of this country"),
  sort: {
    ...choice(
      "--sort <column>",
      `sort by ${sortNames.slice(0, -1).join(", ")} or ${sortNames.at(-1)}; -ends reverses the order`,
      sortNames.flatMap((name) => [{ name }, { name: `-${name}` as const }]),
    ),
    initial: "ends" as SortKey,
  },
  csv: flag("--csv", "print CSV, which --file of other commands takes"),
  ids: flag("--ids", "print only the order IDs, one a line"),
  now: option("--now <time>", "count from this time, in ISO 8601 (default: the server's time)", parseTime),
};

export const orders = defineCommand({
  name: "orders",
  group: "Orders",
  description: "List your orders, when they end, and whether auto-extend is on.",
  options,
  examples: [
    "auto-extend orders",
    "auto-extend orders --type IPv4 --auto off --ending-within 7d",
    "auto-extend orders --country DEU --sort -addresses --json",
    "auto-extend orders --csv --auto on > on.csv",
    "auto-extend off --file on.csv",
    "auto-extend orders --auto off --ids | auto-extend on --yes --file -",
  ],
  async run(context, { options }) {
    const { csv, ids } = options;
    if ([csv, ids, context.options.json].filter(Boolean).length > 1) {
      throw usageError("--json, --csv and --ids cannot be combined.", "Use one of them.");
    }
    const [{ openClient }, { readList }] = await Promise.all([
      import("../app/connection.js"),
      import("../orders/plan.js"),
    ]);
    const opened = await openClient(context);
    const { orders: all, isComplete } = await readList(context, opened, { proxyType: options.type });
    const now = options.now ?? opened.serverTime() ?? new Date().toISOString();
    const filters = { ...options, now };
    const chosen = sortRows(chooseRows(all.map(rowOf), filters), options.sort);
    const rows = csv || ids ? feedable(context, chosen) : chosen;
    return {
      result: { now, listed: all.length, isComplete, orders: [...rows] },
      text() {
        if (csv) return csvOf(rows);
        if (ids) return rows.map(({ orderId }) => `${clean(orderId)}\n`).join("");
        return tableOf(context, rows, { all, filters });
      },
    };
  },
});

/** The rows whose order IDs can be read again: cleaned, an ID of control characters would be another one. */
function feedable({ note }: Context, rows: readonly OrderRow[]): readonly OrderRow[] {
  const left = rows.filter(({ orderId }) => clean(orderId) === orderId);
  const count = rows.length - left.length;
  if (count > 0) {
    const are = count === 1 ? "is left out: its ID has" : "are left out: their IDs have";
    note(`${pluralize(count, "order", "orders")} ${are} characters that cannot be printed.`);
  }
  return left;
}

function rowOf({ orderId, proxyType, ipAddresses }: ListedOrder): OrderRow {
  const ends = ipAddresses.flatMap(({ endsAt }) => endsAt ?? []);
  const [state, ...otherStates] = unique(ipAddresses.map(({ autoExtend }) => stateNames[`${autoExtend}`]));
  return {
    orderId,
    proxyType,
    addresses: ipAddresses.length,
    countries: unique(ipAddresses.flatMap(({ country }) => country ?? [])),
    // In ISO 8601, the earliest time is the smallest text.
    endsAt: ends.sort()[0] ?? null,
    autoExtend: otherStates.length > 0 ? "mixed" : (state ?? "unknown"),
    rentPeriodDays: unique(ipAddresses.flatMap(({ rentPeriodDays }) => rentPeriodDays ?? [])).sort(
      (a, b) => a - b,
    ),
  };
}

const stateNames = { true: "on", false: "off", null: "unknown" } as const;

interface Filters extends Pick<OptionsOf<typeof options>, "type" | "endingWithin" | "auto" | "country"> {
  readonly now: string;
}

/** An order of which a part is on counts as both on and off. */
function chooseRows(
  rows: readonly OrderRow[],
  { type, endingWithin, auto, country, now }: Filters,
): OrderRow[] {
  const until =
    endingWithin === undefined ? undefined : new Date(Date.parse(now) + endingWithin).toISOString();
  return rows.filter(
    (row) =>
      (type === undefined || row.proxyType === type) &&
      (until === undefined || (row.endsAt !== null && row.endsAt >= now && row.endsAt <= until)) &&
      (auto === undefined || row.autoExtend === auto || row.autoExtend === "mixed") &&
      (country === undefined || row.countries.some((each) => each.toLowerCase() === country.toLowerCase())),
  );
}

/** How many IP addresses of the rows match by themselves: those of an order may differ. */
function countMatching(all: readonly ListedOrder[], rows: readonly OrderRow[], filters: Filters): number {
  const shown = new Set(rows.map(({ orderId }) => orderId));
  const alone = all
    .filter(({ orderId }) => shown.has(orderId))
    .flatMap((order) => order.ipAddresses.map((each) => rowOf({ ...order, ipAddresses: [each] })));
  return chooseRows(alone, filters).length;
}

/** Unknown values come last, and equal rows keep their order. */
function sortRows(rows: readonly OrderRow[], key: SortKey): OrderRow[] {
  const cellOf = sortColumns[key.replace(/^-/, "") as SortName];
  const direction = key.startsWith("-") ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [cellOf(a), cellOf(b)];
    if (left === right) return 0;
    if (left === null || right === null) return left === null ? 1 : -1;
    if (typeof left === "string" && typeof right === "string") {
      return direction * left.localeCompare(right, "en", { numeric: true });
    }
    return direction * (left < right ? -1 : 1);
  });
}

function tableOf(
  { dataWidth }: Context,
  rows: readonly OrderRow[],
  { all, filters }: { all: readonly ListedOrder[]; filters: Filters },
): string {
  const { now, country } = filters;
  if (all.length === 0) return "There are no orders in the list, which does not show expired ones.\n";
  if (rows.length === 0) {
    const none = `None of ${pluralize(all.length, "order", "orders")} matches.`;
    const countries = unique(all.flatMap((order) => rowOf(order).countries)).sort();
    const named = ` Countries in the list: ${clean(countries.join(", ")) || "none"}.`;
    return `${wrap(country === undefined ? none : none + named, dataWidth)}\n`;
  }
  const columns: Column<OrderRow>[] = [
    { head: "Order", cell: ({ orderId }) => orderId },
    { head: "Type", cell: ({ proxyType }) => proxyType ?? "?", dropped: 1 },
    { head: "Addresses", cell: ({ addresses }) => numberText(addresses), right: true, dropped: 3 },
    { head: "Country", cell: ({ countries }) => countries.join(" ") || "?", dropped: 4 },
    { head: "Ends in", cell: ({ endsAt }) => (endsAt === null ? "?" : timeLeft(now, endsAt)), right: true },
    { head: "Auto-extend", cell: ({ autoExtend }) => autoExtend },
    {
      head: "Days",
      cell: ({ rentPeriodDays }) => rentPeriodDays.join("/") || "?",
      right: true,
      dropped: 2,
    },
  ];
  const addresses = rows.reduce((sum, row) => sum + row.addresses, 0);
  const left = all.length > rows.length ? ` of ${numberText(all.length)}` : "";
  const matching = countMatching(all, rows, filters);
  const match = matching < addresses ? `, ${numberText(matching)} of which match` : "";
  const total = `${pluralize(rows.length, "order", "orders")}${left}, ${pluralize(addresses, "IP address", "IP addresses")}${match}; now is ${timestampText(now)}.`;
  return `${table(rows, columns, dataWidth).join("\n")}\n\n${wrap(total, dataWidth)}\n`;
}

/** The columns of CSV for `--file`, which reads type, order ID and days. */
const csvColumns: Readonly<Record<string, (row: OrderRow) => string>> = {
  type: ({ proxyType }) => proxyType ?? "",
  orderId: ({ orderId }) => orderId,
  addresses: ({ addresses }) => String(addresses),
  country: ({ countries }) => countries.join(" "),
  endsAt: ({ endsAt }) => endsAt ?? "",
  autoExtend: ({ autoExtend }) => autoExtend,
  // An order whose periods differ has a row for none of them.
  days: ({ rentPeriodDays }) => (rentPeriodDays.length === 1 ? String(rentPeriodDays[0]) : ""),
};

function csvOf(rows: readonly OrderRow[]): string {
  const cellsOf = (row: OrderRow) => Object.values(csvColumns).map((cellOf) => cellOf(row));
  return [Object.keys(csvColumns), ...rows.map(cellsOf)]
    .map((cells) => csvLine(cells.map((cell) => harmlessCell(clean(cell)))))
    .join("");
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The time between two times in ISO 8601, in its two largest units: `29d 23h`, `5h 10m`, `ended`. */
function timeLeft(now: string, until: string): string {
  const left = Date.parse(until) - Date.parse(now);
  if (left <= 0) return "ended";
  if (left >= day) return `${Math.floor(left / day)}d ${Math.floor((left % day) / hour)}h`;
  if (left >= hour) return `${Math.floor(left / hour)}h ${Math.floor((left % hour) / minute)}m`;
  return `${Math.max(1, Math.floor(left / minute))}m`;
}

function parseSpan(text: string): number {
  const [, count, unit] = /^(\d{1,6})([hdw])$/i.exec(text.trim()) ?? [];
  if (unit !== undefined) return Number(count) * { h: hour, d: day, w: 7 * day }[unit.toLowerCase() as "h"];
  throw usageError(`"${text}" is not a time span.`, "Use hours, days or weeks, such as 12h, 7d or 2w.");
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
