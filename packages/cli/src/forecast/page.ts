/** A forecast as a web page. */
import { amountText, type Column, numberText, pluralize, timeText } from "../app/format.js";
import {
  assumptions,
  expiringText,
  expiryColumns,
  figures,
  headedWith,
  incompleteList,
  orderColumn,
  renewalColumns,
  spentByType,
  unpricedColumns,
  verdictOf,
} from "./contents.js";
import { type Html, html } from "./html.js";
import { pageChart } from "./page-chart.js";
import type { ForecastReport } from "./types.js";

/**
 * A forecast as one self-contained HTML document: it loads nothing, runs no script, and follows the reader's choice of a
 * light or dark scheme. All foreign text is escaped in it.
 */
export function forecastPage(report: ForecastReport): string {
  const { host, days, from, until, currency } = report;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>Forecast of ${host}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>Forecast of ${host}</h1>
<p>${pluralize(days, "day", "days")}, from ${timeText(from)} to ${timeText(until)} UTC</p>
</header>
<main>
<section aria-labelledby="summary">
<h2 id="summary">Summary</h2>
${summary(report)}
${report.isComplete ? "" : html`<p class="verdict bad">${incompleteList}</p>`}
</section>
<section aria-labelledby="balance">
<h2 id="balance">${headedWith("Balance, day by day", currency)}</h2>
<figure>${pageChart(report)}${chartCaption(report)}</figure>
</section>
${tables(report)}
</main>
<footer><p>${assumptions(report)}</p></footer>
</body>
</html>
`.html;
}

function summary(report: ForecastReport): Html {
  const { mood, headline, details } = verdictOf(report);
  const byType = spentByType(report);
  const expiring = expiringText(report);
  return html`<dl>
${figures(report).map(({ name, amount, note }) => html`<div><dt>${name}</dt><dd>${amount}</dd>${note && html`<dd class="note">${note}</dd>`}</div>\n`)}</dl>
${byType === null ? "" : html`<p>${byType}</p>`}
<p class="verdict ${mood}"><strong>${headline}</strong>
${details.join(" ")}
${expiring === null ? "" : `${expiring}.`}</p>`;
}

/** Without money there is no line of the balance to see, so what is due is drawn too. */
function chartCaption({ firstShortage }: ForecastReport): Html | string {
  if (firstShortage === null) return "";
  return html`<figcaption>Solid: the balance. Dashed: the balance if every renewal were paid.</figcaption>`;
}

function tables(report: ForecastReport): Html[] {
  const { renewals, expiries, unpriced, skipped, byDay, currency } = report;
  const amounts = (text: string) => headedWith(text, currency);
  return [
    section("renewals", "Renewals", {
      caption: amounts("Every renewal ahead, paid or not"),
      rows: renewals,
      columns: renewalColumns,
      isBad: ({ outcome }) => outcome === "failed",
    }),
    section("expiries", "Expiries", {
      caption: "Everything that expires, and why",
      rows: expiries,
      columns: [
        ...expiryColumns,
        { head: "Because", cell: ({ because }) => reasons[because] },
        { head: "Their IDs", cell: ({ ipAddressIds }) => ipAddressIds.join(", ") },
      ],
      isBad: ({ because }) => because === "unpaid",
    }),
    unpriced.length > 0 &&
      section("unpriced", "Without a known price", {
        caption: "Renewals without a known price, which are assumed to fail",
        rows: unpriced,
        columns: unpricedColumns,
      }),
    skipped.length > 0 &&
      section("skipped", "Not forecast", {
        caption: "Orders that cannot be forecast",
        rows: skipped,
        columns: [orderColumn, { head: "Reason", cell: ({ reason }) => reason }],
      }),
    section("days", "Days", {
      caption: amounts("The balance at the end of each day, and the events of the day"),
      rows: byDay,
      columns: dayColumns,
      isBad: ({ failed }) => failed > 0,
    }),
  ].filter((part) => part !== false);
}

const reasons: Readonly<Record<ForecastReport["expiries"][number]["because"], string>> = {
  off: "auto-extend is off",
  incomplete: "an IPv6 order that cannot be renewed as a whole",
  unpaid: "unpaid",
};

const dayColumns: readonly Column<ForecastReport["byDay"][number]>[] = [
  { head: "Day", cell: ({ date }) => date },
  { head: "Balance", cell: ({ balance }) => amountText(balance), right: true },
  { head: "Due", cell: ({ demand }) => amountText(demand), right: true },
  { head: "To be spent", cell: ({ spent }) => amountText(spent), right: true },
  { head: "Renewed", cell: ({ renewed }) => numberText(renewed), right: true },
  { head: "Failed", cell: ({ failed }) => numberText(failed), right: true },
  { head: "IP addresses expired", cell: ({ expired }) => numberText(expired), right: true },
];

/** The most rows of one table, for the sake of browsers. */
const mostRows = 10_000;

interface Table<Row> {
  readonly caption: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly isBad?: (row: Row) => boolean;
}

function section<Row>(id: string, heading: string, table: Table<Row>): Html {
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
${table.rows.length === 0 ? html`<p>None.</p>` : tableOf(table)}
</section>
`;
}

const number = html` class="number"`;
const bad = html` class="bad"`;

function tableOf<Row>({ caption, rows, columns, isBad = () => false }: Table<Row>): Html {
  const kind = ({ right }: Column<Row>) => (right ? number : "");
  const more = rows.length - mostRows;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col"${kind(column)}>${column.head}</th>`)}</tr></thead>
<tbody>
${rows.slice(0, mostRows).map((row) => html`<tr${isBad(row) ? bad : ""}>${columns.map((column) => html`<td${kind(column)}>${column.cell(row)}</td>`)}</tr>\n`)}</tbody>
</table>
</div>${more > 0 ? html`<p>And ${numberText(more)} more; --json lists them all.</p>` : ""}`;
}

/** The style of the page: in a light and a dark scheme, on narrow screens and on paper. */
const pageStyle: Html = html`
:root { color-scheme: light dark; --page: #ffffff; --card: #f5f7f9; --text: #1c2228; --quiet: #56606b; --rule: #d5dbe1; --line: #1a5fb4; --area: #1a5fb426; --bad: #b3261e; --bad-back: #fdecea; --good: #1b6e3c; }
@media (prefers-color-scheme: dark) { :root { --page: #14181c; --card: #1e242a; --text: #e6eaee; --quiet: #a3aeb9; --rule: #38414a; --line: #78aeed; --area: #78aeed30; --bad: #ff8a80; --bad-back: #3b1f1d; --good: #7fd6a0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 2rem 0 0.75rem; font-size: 1.2rem; }
header p, footer { margin: 0.25rem 0 0; color: var(--quiet); }
footer { margin-top: 2rem; border-top: 1px solid var(--rule); font-size: 0.875rem; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: 0.75rem; margin: 0; }
dl div { padding: 0.75rem 1rem; border-radius: 0.5rem; background: var(--card); }
dt { color: var(--quiet); font-size: 0.875rem; }
dd { margin: 0; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
dd.note { color: var(--quiet); font-size: 0.875rem; }
.verdict { margin: 0.75rem 0 0; padding: 0.75rem 1rem; border-left: 0.25rem solid var(--quiet); background: var(--card); }
.verdict.good { border-color: var(--good); }
.verdict.bad { border-color: var(--bad); background: var(--bad-back); }
.verdict.bad strong { color: var(--bad); }
code { font: 0.9em/1.4 ui-monospace, monospace; }
figure { margin: 0; }
figcaption { color: var(--quiet); font-size: 0.875rem; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--quiet); font: 12px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
svg .grid { stroke: var(--rule); }
svg .zero { stroke: var(--quiet); }
svg .area { fill: var(--area); }
svg .line { fill: none; stroke: var(--line); stroke-width: 2; }
svg .demand { fill: none; stroke: var(--bad); stroke-width: 2; stroke-dasharray: 6 4; }
svg .failed { fill: none; stroke: var(--bad); stroke-width: 2; }
svg .short { stroke: var(--bad); stroke-dasharray: 4 3; }
svg text.bad { fill: var(--bad); font-weight: 600; }
svg .day { fill: transparent; }
svg .day:hover { fill: var(--area); }
.scroll { max-height: 32rem; overflow: auto; border: 1px solid var(--rule); border-radius: 0.5rem; }
.scroll:focus-visible { outline: 2px solid var(--line); }
table { width: 100%; border-collapse: collapse; font-size: 0.875rem; }
caption { padding: 0.5rem 0.75rem; color: var(--quiet); text-align: left; }
th, td { padding: 0.35rem 0.75rem; border-top: 1px solid var(--rule); text-align: left; vertical-align: top; font-variant-numeric: tabular-nums; white-space: nowrap; }
td:last-child:not(.number) { min-width: 10rem; white-space: normal; }
th { position: sticky; top: 0; background: var(--card); }
.number { text-align: right; }
tr.bad td { background: var(--bad-back); }
@media (max-width: 40rem) { body { padding: 0.75rem; } svg text { font-size: 24px; } svg text.minor { display: none; } svg .line, svg .failed, svg .demand { stroke-width: 4; } }
@media print { th, td { white-space: normal; } .scroll { max-height: none; overflow: visible; } th { position: static; } }
`;
