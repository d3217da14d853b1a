import { amountText, moneyText } from "../money.js";
import { counted } from "../words.js";
import { type Html, html } from "./html.js";
import { pageChart } from "./page-chart.js";
import { pageStyle } from "./page-style.js";
import { daysTable, expiriesTable, renewalsTable, skippedTable, unpricedTable } from "./page-tables.js";
import type { ForecastReport } from "./report.js";
import { assumptions, momentText } from "./wording.js";

/**
 * A forecast as one HTML document that needs nothing else: it loads nothing, runs no script, and follows the reader's
 * choice of a light or dark scheme. All that came from elsewhere is escaped in it.
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
<p>${counted(days, "day", "days")}, from ${momentText(from)} to ${momentText(until)} UTC</p>
</header>
<main>
<section aria-labelledby="summary">
<h2 id="summary">Summary</h2>
${summary(report)}
${verdict(report)}
</section>
<section aria-labelledby="balance">
<h2 id="balance">Balance, day by day</h2>
<figure>${pageChart(report)}</figure>
</section>
${section("renewals", "Renewals", renewalsTable(report))}
${section("expiries", "Expiries", expiriesTable(report))}
${report.unpriced.length > 0 ? section("unpriced", "Without a known price", unpricedTable(report)) : ""}
${report.skipped.length > 0 ? section("skipped", "Left out", skippedTable(report)) : ""}
${section("days", "Days", daysTable(report))}
</main>
<footer><p>Times and days are in UTC. ${assumptions(report)}</p></footer>
</body>
</html>
`.html;
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
${entry("Spent", { amount: spent, currency }, counted(paid, "renewal", "renewals"), spentByProxyType.length > 1 ? byType : "")}
${entry("Balance at end", { amount: balance.end, currency })}
${entry("To be paid in", { amount: needed, currency }, "so that no renewal with a known price fails")}
</dl>`;
}

function entry(name: string, money: { amount: number; currency: string }, ...notes: string[]): Html {
  const lines = notes.filter((note) => note !== "").map((note) => html`<dd class="note">${note}</dd>`);
  return html`<div><dt>${name}</dt><dd>${amountText(money.amount)} <span>${money.currency}</span></dd>${lines}</div>`;
}

function verdict({ firstShortage, expiring, renewals, unpriced, until, currency }: ForecastReport): Html {
  if (firstShortage === null) {
    if (renewals.length === 0) return html`<p class="verdict">No renewal lies ahead.</p>`;
    const all = unpriced.length > 0 ? "every renewal whose price is known" : "every renewal";
    return html`<p class="verdict good">The balance covers ${all} until ${momentText(until)}.</p>`;
  }
  const { at, orderId, price, balance, missing } = firstShortage;
  const quantity = expiring.reduce((sum, each) => sum + each.quantity, 0);
  return html`<p class="verdict bad"><strong>Money is short from ${momentText(at)} on.</strong>
Order <code>${orderId}</code> costs ${moneyText(price, currency)} then, and ${moneyText(balance, currency)} is left: ${moneyText(missing, currency)} is missing.
For lack of money ${counted(quantity, "IP address expires", "IP addresses expire")}.</p>`;
}
