import { amountText, moneyText, numberText, pluralize } from "../app/format.js";
import { type Bucket, bucketsOf, type Scale, scaleFor } from "./axes.js";
import { type Html, html } from "./html.js";
import type { ForecastReport } from "./types.js";

/** The balance day by day as an SVG picture: a stepped line, with failures marked, and a tip on each day. */
export function pageChart(report: ForecastReport): Html {
  const { byDay, balance, currency } = report;
  const buckets = bucketsOf(byDay, mostColumns);
  const ideal = report.firstShortage === null ? [] : idealBalances(buckets, balance.start);
  const amounts = [...byDay, ...ideal].map((each) => each.balance);
  const scale = scaleFor([balance.start, ...amounts], steps);
  const plot = plotOf(buckets, scale);
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="chart-title chart-description">
<title id="chart-title">Balance, day by day</title>
<desc id="chart-description">${description(report)}</desc>
${amountsAxis(scale, plot)}
${datesAxis(buckets, plot)}
<path class="area" d="${stepsOf(buckets, plot)}V${plot.y(0)}H${plot.left}Z"/>
<path class="line" d="${stepsOf(buckets, plot)}"/>
${ideal.length > 0 ? html`<path class="demand" d="${stepsOf(ideal, plot)}"/>` : ""}
${shortageLine(report, buckets, plot)}
${buckets.map((bucket, index) => (bucket.failed > 0 ? cross(plot.x(index + 0.5), plot.y(0)) : html``))}
${buckets.map(
  (bucket, index) =>
    html`<rect class="day" x="${plot.x(index)}" y="${top}" width="${round(plot.column)}" height="${bottom - top}"><title>${tip(bucket, currency)}</title></rect>
`,
)}</svg>`;
}

const width = 960;
const height = 320;
const top = 34;
const bottom = 282;
const right = 944;
const steps = 6;

/** More would be narrower than two pixels, too narrow to point at. */
const mostColumns = 400;

type Plot = ReturnType<typeof plotOf>;

function plotOf(buckets: readonly Bucket[], scale: Scale) {
  const characters = Math.max(...ticksOf(scale).map((amount) => amountText(amount).length));
  // Room for the larger letters of narrow screens.
  const left = 20 + 13 * characters;
  const column = (right - left) / buckets.length;
  const range = scale.top - scale.bottom || 1;
  return {
    left,
    column,
    x: (index: number) => round(left + index * column),
    y: (amount: number) => round(bottom - ((amount - scale.bottom) / range) * (bottom - top)),
  };
}

function ticksOf({ bottom, top, step }: Scale): number[] {
  const first = Math.round(bottom / step);
  const count = Math.round(top / step) - first + 1;
  return Array.from({ length: count }, (_, index) => (first + index) * step);
}

function amountsAxis(scale: Scale, { left, y }: Plot): Html[] {
  return ticksOf(scale).map(
    (amount) =>
      html`<line class="${amount === 0 ? "zero" : "grid"}" x1="${left}" x2="${right}" y1="${y(amount)}" y2="${y(amount)}"/><text x="${left - 8}" y="${y(amount) + 4}" text-anchor="end">${amountText(amount)}</text>
`,
  );
}

function datesAxis(buckets: readonly Bucket[], { left, x, column }: Plot): Html[] {
  const every = Math.ceil(buckets.length / Math.floor((right - left) / dateWidth));
  return buckets
    .map(({ from }, index) => ({ from, index }))
    .filter(({ index }) => index % every === 0 && x(index) + column / 2 + dateWidth / 2 <= width)
    .map(
      ({ from, index }, place) =>
        // Narrow screens have room for every second date.
        html`<text${place % 2 === 1 ? html` class="minor"` : ""} x="${round(x(index) + column / 2)}" y="${bottom + 24}" text-anchor="middle">${from}</text>
`,
    );
}

const dateWidth = 96;

function idealBalances(buckets: readonly Bucket[], start: number): Pick<Bucket, "balance">[] {
  let balance = start;
  return buckets.map(({ demand }) => {
    balance -= demand;
    return { balance };
  });
}

function stepsOf(buckets: readonly Pick<Bucket, "balance">[], { x, y }: Plot): string {
  return buckets
    .map(({ balance }, index) => `${index === 0 ? `M${x(0)} ` : "V"}${y(balance)}H${x(index + 1)}`)
    .join("");
}

function shortageLine({ firstShortage }: ForecastReport, buckets: readonly Bucket[], { x: xOf }: Plot): Html {
  if (firstShortage === null) return html``;
  const x = xOf(buckets.findIndex(({ to }) => firstShortage.date <= to) + 0.5);
  // With the larger letters of narrow screens, the text is nearly half as wide as the picture.
  const anchor = x < width / 2 ? "start" : "end";
  return html`<line class="short" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"/><text class="bad" x="${x}" y="${top - 10}" text-anchor="${anchor}">The balance runs out on ${firstShortage.date}</text>`;
}

function cross(x: number, y: number): Html {
  return html`<path class="failed" d="M${x - 4} ${y - 4}l8 8m0 -8l-8 8"/>`;
}

function tip({ from, to, balance, renewed, failed, expired }: Bucket, currency: string): string {
  return [
    `${from === to ? from : `${from} to ${to}`}: ${moneyText(balance, currency)}`,
    ...(renewed > 0 ? [`${numberText(renewed)} renewed`] : []),
    ...(failed > 0 ? [`${numberText(failed)} failed`] : []),
    ...(expired > 0 ? [`${pluralize(expired, "IP address", "IP addresses")} expired`] : []),
  ].join(", ");
}

function description({ balance, currency, from, until, firstShortage }: ForecastReport): string {
  const [first, last] = [from.slice(0, 10), until.slice(0, 10)];
  const short = firstShortage === null ? "It never runs out" : `It runs out on ${firstShortage.date}`;
  return `From ${moneyText(balance.start, currency)} before ${first} to ${moneyText(balance.end, currency)} on ${last}. ${short}. The table of days has the numbers.`;
}

function round(coordinate: number): number {
  return Math.round(coordinate * 10) / 10;
}
