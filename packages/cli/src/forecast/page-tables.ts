import { amountText, timeText } from "../app/format.js";
import { type Html, html, type Insert } from "./html.js";
import type { ForecastReport } from "./types.js";
import { headedWith } from "./wording.js";

const none = html``;
const number = html` class="number"`;
const long = html` class="long"`;
const bad = html` class="bad"`;

const time = (head: string) => ({ head, cell: ({ at }: { at: string }) => timeText(at) });
const order = {
  head: "Order",
  cell: ({ orderId }: { orderId: string }) => html`<code>${orderId}</code>`,
  kind: long,
};
const type = { head: "Type", cell: ({ proxyType }: { proxyType: string }) => proxyType };
const quantity = {
  head: "IP addresses",
  cell: ({ quantity }: { quantity: number }) => quantity,
  kind: number,
};
const days = {
  head: "Days",
  cell: ({ rentPeriodDays }: { rentPeriodDays: number }) => rentPeriodDays,
  kind: number,
};

export function renewalsTable({ renewals, currency }: ForecastReport): Html {
  return table("Every renewal ahead, paid or not", renewals, {
    columns: [
      ...[time("Time"), order, type, quantity, days],
      {
        head: headedWith("Price", currency),
        cell: ({ price }) => (price === null ? "not known" : amountText(price)),
        kind: number,
      },
      { head: "Outcome", cell: ({ outcome }) => outcome },
      { head: headedWith("Balance", currency), cell: ({ balance }) => amountText(balance), kind: number },
      { head: "New end", cell: ({ endsAt }) => (endsAt === null ? "none" : timeText(endsAt)) },
    ],
    isBad: ({ outcome }) => outcome === "failed",
  });
}

export function expiriesTable({ expiries }: ForecastReport): Html {
  return table("Everything that expires, and why", expiries, {
    columns: [
      ...[time("Time"), order, type],
      { head: "Because", cell: ({ because }) => reasons[because] },
      quantity,
      {
        head: "Their IDs",
        cell: ({ ipAddressIds }) => html`<code>${ipAddressIds.join(", ")}</code>`,
        kind: long,
      },
    ],
    isBad: ({ because }) => because === "unpaid",
  });
}

export function unpricedTable({ unpriced }: ForecastReport): Html {
  return table("Renewals without a known price, which are assumed to fail", unpriced, {
    columns: [time("First time"), order, type, quantity, days],
  });
}

export function skippedTable({ skipped }: ForecastReport): Html {
  return table("Orders that cannot be forecast", skipped, {
    columns: [order, { head: "Reason", cell: ({ reason }) => reason, kind: long }],
  });
}

export function daysTable({ byDay, currency }: ForecastReport): Html {
  return table("The balance at the end of each day, and the events of the day", byDay, {
    columns: [
      { head: "Day", cell: ({ date }) => date },
      { head: headedWith("Balance", currency), cell: ({ balance }) => amountText(balance), kind: number },
      { head: headedWith("Due", currency), cell: ({ demand }) => amountText(demand), kind: number },
      { head: headedWith("To be spent", currency), cell: ({ spent }) => amountText(spent), kind: number },
      { head: "Renewed", cell: ({ renewed }) => renewed, kind: number },
      { head: "Failed", cell: ({ failed }) => failed, kind: number },
      { head: "IP addresses expired", cell: ({ expired }) => expired, kind: number },
    ],
    isBad: ({ failed }) => failed > 0,
  });
}

/** The most rows of one table, for the sake of browsers. */
const mostRows = 10_000;

const reasons: Readonly<Record<ForecastReport["expiries"][number]["because"], string>> = {
  off: "auto-extend is off",
  incomplete: "an IPv6 order that cannot be renewed as a whole",
  unpaid: "unpaid",
};

interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => Insert;
  /** The class of its cells (default: on one line). */
  readonly kind?: Html;
}

interface Shape<Row> {
  readonly columns: readonly Column<Row>[];
  readonly isBad?: (row: Row) => boolean;
}

function table<Row>(
  caption: string,
  rows: readonly Row[],
  { columns, isBad = () => false }: Shape<Row>,
): Html {
  if (rows.length === 0) return html`<p>None.</p>`;
  const more = rows.length - mostRows;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ head, kind = none }) => html`<th scope="col"${kind}>${head}</th>`)}</tr></thead>
<tbody>
${rows.slice(0, mostRows).map((row) => html`<tr${isBad(row) ? bad : none}>${columns.map(({ cell, kind = none }) => html`<td${kind}>${cell(row)}</td>`)}</tr>\n`)}</tbody>
</table>
</div>${more > 0 ? html`<p>And ${more} more; --json lists them all.</p>` : ""}`;
}
