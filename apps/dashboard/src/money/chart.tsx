import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Forecast } from "../api.ts";
import { isDark } from "../store.ts";
import { money, number, plural, shortDate } from "../ui/format.ts";
import { visible } from "../ui/visible.ts";

/** The balance over time: past, forecast, and as it would be if every renewal were paid. */

interface ChartProps {
  readonly forecast: Forecast;
  /** The balance at earlier times, the oldest first. */
  readonly past: readonly Point[];
}

export interface Point {
  /** In ISO 8601. */
  readonly at: string;
  readonly balance: number;
  /** The number of renewals that were not paid on that day. */
  readonly unpaid?: number;
}

export function BalanceChart({ forecast, past }: ChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const node = holder.current;
    if (!node) return;
    const observer = new ResizeObserver(() => setWidth(node.clientWidth));
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  // Colours change with the scheme.
  useEffect(() => {
    if (!holder.current || !tip.current || width === 0) return;
    const chart = createChart({ forecast, past, width, tip: tip.current, holder: holder.current });
    return () => chart.destroy();
  }, [forecast, past, width, isDark.value]);
  return (
    <div class="chart">
      <div ref={holder} role="img" aria-label={chartText(forecast)} />
      <div ref={tip} class="tip" hidden />
    </div>
  );
}

function chartText({ account, balance, currency, firstUnpaid, topUp, now, until }: Forecast): string {
  const start = `Balance of ${account}: ${money(balance)} ${currency} now`;
  const end = firstUnpaid
    ? `money runs short on ${shortDate(firstUnpaid.at, Date.parse(now))}, top up ${money(topUp)} ${currency} by then to pay all renewals until ${shortDate(until, Date.parse(now))}`
    : "every renewal will be paid";
  return `${start}; ${end}. The table below has the same figures.`;
}

const seconds = (at: string) => Date.parse(at) / 1000;

const maxDots = 60;

/** One list of times, and each line's value at each of them. Balances change in steps. */
function chartData({ forecast, past }: ChartProps): uPlot.AlignedData {
  const now = seconds(forecast.now);
  const until = seconds(forecast.until);
  const shortage = forecast.firstUnpaid === null ? null : seconds(forecast.firstUnpaid.at);
  const behind = past.map(({ at, balance }) => [seconds(at), balance] as const);
  const ahead = forecast.days.map(({ at, balance }) => [seconds(at), balance] as const);
  const needed = forecast.balanceIfAllPaid.map(({ at, balance }) => [seconds(at), balance] as const);
  const times = new Set([now, until, ...[...behind, ...ahead, ...needed].map(([at]) => at)]);
  // The line of what is needed leaves the balance just before it runs out.
  if (shortage !== null) times.add(shortage - 1);
  const xs = [...times].sort((a, b) => a - b);
  const dotsOf = (days: readonly Point[]) => {
    const balances = new Map(days.map(({ at, balance }) => [seconds(at), balance]));
    return xs.map((x) => balances.get(x) ?? null);
  };
  const paid = forecast.days.filter(({ renewed, unpaid }) => renewed > 0 && unpaid === 0);
  return [
    xs,
    xs.map((x) => (x <= now ? valueAt(behind, x, null) : null)),
    xs.map((x) => (x >= now ? valueAt(ahead, x, forecast.balance) : null)),
    xs.map((x) => {
      if (shortage === null || x < shortage - 1) return null;
      return x < shortage ? valueAt(ahead, x, forecast.balance) : valueAt(needed, x, forecast.balance);
    }),
    // A dot for each day with renewals; behind, only for those with unpaid ones.
    dotsOf(paid.length > maxDots ? [] : paid),
    dotsOf([...past, ...forecast.days].filter(({ unpaid = 0 }) => unpaid > 0)),
  ];
}

function valueAt(points: readonly (readonly [number, number])[], x: number, start: number | null) {
  return points.findLast(([at]) => at <= x)?.[1] ?? start;
}

interface Drawing extends ChartProps {
  readonly width: number;
  readonly holder: HTMLElement;
  readonly tip: HTMLElement;
}

function createChart({ width, holder, tip, ...props }: Drawing): uPlot {
  const { forecast } = props;
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const font = `12px ${style.getPropertyValue("--sans")}`;
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const now = Date.parse(forecast.now);
  const axis = { stroke: colour("text-2"), font, ticks: { show: false } };
  const line = { spanGaps: false, points: { show: false }, ...(stepped ? { paths: stepped } : {}) };
  const dots = (stroke: string): uPlot.Series => ({
    paths: () => null,
    points: { show: true, size: 7, width: 2, stroke: colour(stroke), fill: colour("surface") },
  });
  return new uPlot(
    {
      width,
      height: width < 500 ? 200 : 260,
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "UTC"),
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      // From zero or below, so that the height of a line says how much money there is, with room for the labels above.
      scales: { y: { range: (_, low, high) => yRange(Math.min(low, 0), Math.max(high, 1)) } },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 30,
          space: 90,
          values: (chart, splits) => dateLabels(chart, splits, now),
        },
        {
          ...axis,
          grid: { stroke: colour("line"), width: 1 },
          size: leftAxis,
          values: (_, splits) => splits.map(shortAmount),
        },
      ],
      series: [
        {},
        { ...line, stroke: colour("text-2"), width: 1.5 },
        { ...line, stroke: colour("accent"), width: 2 },
        { ...line, stroke: colour("bad"), width: 1.5, dash: [4, 3] },
        dots("accent"),
        dots("bad"),
      ],
      hooks: {
        drawClear: [(chart) => drawShortage(chart, forecast, colour)],
        draw: [(chart) => drawLabels(chart, forecast, { colour, font })],
        setCursor: [(chart) => showTip(chart, tip, props)],
      },
    },
    chartData(props),
    holder,
  );
}

function yRange(bottom: number, top: number): uPlot.Range.MinMax {
  const height = top - bottom;
  return [bottom < 0 ? bottom - height * 0.08 : 0, top + height * 0.2];
}

/** Dates, with the year where it changes; those that would be cut off at the right are left out. */
function dateLabels(chart: uPlot, splits: readonly number[], now: number): (string | null)[] {
  let year = new Date(now).getUTCFullYear();
  return splits.map((split) => {
    const at = split * 1000;
    const text = shortDate(at, Date.UTC(year));
    year = new Date(at).getUTCFullYear();
    const right = leftAxis + chart.valToPos(split, "x") + text.length * halfCharacter;
    return right < chart.width ? text : null;
  });
}

/** An amount that fits beside the chart: "1,500", "1.5M". */
function shortAmount(value: number): string {
  return Math.abs(value) < 1_000_000 ? number(value) : `${number(value / 1_000_000)}M`;
}

/** The width of the axis of amounts, and about half of a character's, in pixels. */
const leftAxis = 68;
const halfCharacter = 3.5;

type Colour = (name: string) => string;

function drawShortage(chart: uPlot, { firstUnpaid }: Forecast, colour: Colour): void {
  if (firstUnpaid === null) return;
  const { ctx, bbox } = chart;
  const left = chart.valToPos(seconds(firstUnpaid.at), "x", true);
  ctx.save();
  ctx.fillStyle = colour("bad-bg");
  ctx.fillRect(left, bbox.top, bbox.left + bbox.width - left, bbox.height);
  ctx.restore();
}

function drawLabels(
  chart: uPlot,
  forecast: Forecast,
  { colour, font }: { colour: Colour; font: string },
): void {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  const x = (at: string) => chart.valToPos(seconds(at), "x", true);
  const now = Date.parse(forecast.now);
  ctx.save();
  ctx.font = font.replace("12px", `${12 * ratio}px`);
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  ctx.strokeStyle = colour("text-2");
  ctx.setLineDash([2 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(x(forecast.now), bbox.top);
  ctx.lineTo(x(forecast.now), bbox.top + bbox.height);
  ctx.stroke();
  ctx.fillStyle = colour("text-2");
  ctx.fillText("now", x(forecast.now) + 6 * ratio, bbox.top + 2 * ratio);
  if (forecast.firstUnpaid !== null) {
    const date = shortDate(forecast.firstUnpaid.at, now);
    const text = bbox.width / ratio < 400 ? date : `Money runs short on ${date}`;
    const left = x(forecast.firstUnpaid.at);
    const isRoomy = left + ctx.measureText(text).width + 12 * ratio < bbox.left + bbox.width;
    ctx.fillStyle = colour("bad");
    ctx.textAlign = isRoomy ? "left" : "right";
    // Below "now" if it stands there.
    const isFree = isRoomy && left - x(forecast.now) > 40 * ratio;
    ctx.fillText(text, left + (isRoomy ? 6 : -6) * ratio, bbox.top + (isFree ? 2 : 18) * ratio);
  }
  ctx.restore();
}

function showTip(chart: uPlot, tip: HTMLElement, { forecast, past: days }: ChartProps): void {
  const { left = 0 } = chart.cursor;
  tip.hidden = left < 0;
  if (tip.hidden) return;
  const at = chart.posToVal(left, "x");
  // Balances change in steps: the last one holds.
  const index = Math.max(
    0,
    chart.data[0].findLastIndex((x) => x <= at),
  );
  const [, past, ahead, needed] = chart.data.map((values) => values[index]);
  const value = ahead ?? past ?? forecast.balance;
  const isShort = typeof needed === "number" && needed < 0;
  const topUp = isShort ? `; top up ${money(-needed)}` : "";
  const date = shortDate(at * 1000, Date.parse(forecast.now));
  const lost = days
    .filter((day) => shortDate(day.at, Date.parse(forecast.now)) === date)
    .reduce((sum, { unpaid = 0 }) => sum + unpaid, 0);
  const wasUnpaid = lost > 0 ? `; ${plural(lost, "renewal was", "renewals were")} not paid` : "";
  tip.textContent = visible(`${date}: ${money(Number(value))} ${forecast.currency}${topUp}${wasUnpaid}`);
  const room = chart.root.clientWidth - tip.offsetWidth - 16;
  tip.style.left = `${Math.max(8, Math.min(left + leftAxis + 16, room))}px`;
}
