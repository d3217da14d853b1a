import { amountText, counted, moneyText, timeText } from "../app/format.js";
import { type Html, html } from "./html.js";
import { pageChart } from "./page-chart.js";
import { daysTable, expiriesTable, renewalsTable, skippedTable, unpricedTable } from "./page-tables.js";
import { incompleteList } from "./report.js";
import type { ForecastReport } from "./types.js";
import { assumptions } from "./wording.js";

/**
 * A forecast as one self-contained HTML document: it loads nothing, runs no script, and follows the reader's choice of a
 * light or dark scheme. All foreign text is escaped in it.
 */
export function forecastPage(report: ForecastReport): string {
  const { host, days, from, until } = report;
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
<p>${counted(days, "day", "days")}, from ${timeText(from)} to ${timeText(until)} UTC</p>
</header>
<main>
<section aria-labelledby="summary">
<h2 id="summary">Summary</h2>
${summary(report)}
${verdict(report)}
${report.isComplete ? "" : html`<p class="verdict bad">${incompleteList}</p>`}
</section>
<section aria-labelledby="balance">
<h2 id="balance">Balance, day by day</h2>
<figure>${pageChart(report)}${chartCaption(report)}</figure>
</section>
${section("renewals", "Renewals", renewalsTable(report))}
${section("expiries", "Expiries", expiriesTable(report))}
${report.unpriced.length > 0 ? section("unpriced", "Without a known price", unpricedTable(report)) : ""}
${report.skipped.length > 0 ? section("skipped", "Not forecast", skippedTable(report)) : ""}
${section("days", "Days", daysTable(report))}
</main>
<footer><p>Times and days are in UTC. ${assumptions(report)}</p></footer>
</body>
</html>
`.html;
}

/** Without money there is no line of the balance to see, so what is due is drawn too. */
function chartCaption({ firstShortage }: ForecastReport): Html | string {
  if (firstShortage === null) return "";
  return html`<figcaption>Solid: the balance. Dashed: the balance if every renewal were paid.</figcaption>`;
}

function section(id: string, heading: string, content: Html): Html {
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
${content}
</section>`;
}

function summary({ balance, spent, spentByProxyType, needed, currency, renewals }: ForecastReport): Html {
  const paid = renewals.filter(({ outcome }) => outcome === "renewed").length;
  const byType = spentByProxyType.map((each) => `${each.proxyType} ${amountText(each.spent)}`).join(", ");
  return html`<dl>
${entry("Balance now", { amount: balance.start, currency })}
${entry("To be spent", { amount: spent, currency }, counted(paid, "renewal", "renewals"), spentByProxyType.length > 1 ? byType : "")}
${entry("Balance at end", { amount: balance.end, currency })}
${entry("To top up", { amount: needed, currency }, "so that no renewal with a known price fails")}
</dl>`;
}

function entry(name: string, money: { amount: number; currency: string }, ...notes: string[]): Html {
  const lines = notes.filter((note) => note !== "").map((note) => html`<dd class="note">${note}</dd>`);
  return html`<div><dt>${name}</dt><dd>${amountText(money.amount)} <span>${money.currency}</span></dd>${lines}</div>`;
}

function verdict({ firstShortage, expiring, renewals, unpriced, until, currency }: ForecastReport): Html {
  if (firstShortage === null) {
    if (renewals.length === 0) return html`<p class="verdict">There are no renewals in this time.</p>`;
    const all = unpriced.length > 0 ? "every renewal whose price is known" : "every renewal";
    return html`<p class="verdict good">The balance covers ${all} until ${timeText(until)}.</p>`;
  }
  const { at, orderId, price, balance, missing } = firstShortage;
  const quantity = expiring.reduce((sum, each) => sum + each.quantity, 0);
  return html`<p class="verdict bad"><strong>The balance runs out on ${timeText(at)}.</strong>
Order <code>${orderId}</code> costs ${moneyText(price, currency)} then, and ${moneyText(balance, currency)} is left: ${moneyText(missing, currency)} is missing.
Without a top-up, ${counted(quantity, "IP address expires", "IP addresses expire")}.</p>`;
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
dd span { font-size: 0.875rem; }
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
.long { min-width: 10rem; white-space: normal; }
th { position: sticky; top: 0; background: var(--card); }
.number { text-align: right; }
tr.bad td { background: var(--bad-back); }
@media (max-width: 40rem) { body { padding: 0.75rem; } svg text { font-size: 24px; } svg text.minor { display: none; } svg .line, svg .failed, svg .demand { stroke-width: 4; } }
@media print { th, td { white-space: normal; } .scroll { max-height: none; overflow: visible; } th { position: static; } }
`;
