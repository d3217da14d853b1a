import type { Paint } from "../app/context.js";
import { amountText } from "../app/format.js";
import { type Bucket, bucketsOf, type Scale, scaleFor } from "./axes.js";
import type { ForecastReport } from "./types.js";

export interface ChartOptions {
  /** How many columns there are. A chart is never narrower than its dates. */
  readonly width: number;
  readonly paint: Paint;
}

/**
 * The balance day by day as columns for a terminal, with an axis of amounts and one of dates; days on which a renewal
 * fails are marked. No line is longer than the width, and none ends with a space.
 */
export function balanceChart(report: ForecastReport, { width, paint }: ChartOptions): string {
  const { byDay, balance } = report;
  const scale = scaleFor([balance.start, ...byDay.map((day) => day.balance)], mostRows);
  const rows = rowsOf(scale);
  const labelOf = (row: number) => amountText(row * scale.step);
  const labelWidth = Math.max(...rows.map((row) => labelOf(row).length));
  const plotWidth = Math.max(width - labelWidth - margin, datesWidth);
  const buckets = bucketsOf(byDay, plotWidth);
  const cell = Math.min(widestCell, Math.floor(plotWidth / buckets.length));

  const lines = rows.map((row) => {
    const label = labelOf(row).padStart(labelWidth);
    const cells = buckets.map((bucket) => cellOf(bucket, { row, scale, cell }));
    if (row !== 0) return paint("dim", `${label} ${glyphs.tick}`) + cells.join("").trimEnd();
    // Only the marks stand out from the axis.
    const parts = `${label} ${glyphs.origin}${cells.join("")}`.split(glyphs.failed);
    return parts.map((part) => (part === "" ? part : paint("dim", part))).join(paint("red", glyphs.failed));
  });
  const dates = datesOf(buckets, cell * buckets.length);
  return [...lines, paint("dim", `${" ".repeat(labelWidth + margin)}${dates}`), ...legend()].join("\n");

  function legend(): string[] {
    if (!buckets.some(({ failed }) => failed > 0)) return [];
    return [`${" ".repeat(labelWidth + margin)}${paint("red", glyphs.failed)} a renewal fails`];
  }
}

const glyphs = {
  tick: "┤",
  origin: "┼",
  axis: "─",
  failed: "✗",
  /** From the smallest to a full cell, standing on its lower edge. */
  standing: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
  /** The same, hanging from its upper edge. */
  hanging: ["▔", "▀", "█"],
};

const mostRows = 8;
const widestCell = 4;

/** Between the label and the columns: a space and the axis. */
const margin = 2;

const dateWidth = "2030-01-31".length;
const datesWidth = 2 * dateWidth + 1;

/** The rows from the top down: the n-th above 0 reaches up to n steps, 0 is the axis, those below hang from it. */
function rowsOf({ top, bottom, step }: Scale): number[] {
  const above = Math.round(top / step);
  const below = Math.round(-bottom / step);
  return Array.from({ length: above + 1 + below }, (_, index) => above - index);
}

function cellOf(
  { balance, failed }: Bucket,
  { row, scale, cell }: { readonly row: number; readonly scale: Scale; readonly cell: number },
): string {
  if (row === 0) return (failed > 0 ? glyphs.failed : glyphs.axis) + glyphs.axis.repeat(cell - 1);
  const levels = row > 0 ? glyphs.standing : glyphs.hanging;
  const filled = (balance / scale.step) * Math.sign(row) - (Math.abs(row) - 1);
  const level = Math.ceil(Math.min(filled, 1) * levels.length);
  return (level > 0 ? (levels[level - 1] as string) : " ").repeat(cell);
}

function datesOf(buckets: readonly Bucket[], width: number): string {
  const first = buckets[0]?.from ?? "";
  const last = buckets.at(-1)?.to ?? "";
  const room = Math.max(width, datesWidth) - 2 * dateWidth;
  const middle = buckets[Math.floor(buckets.length / 2)]?.from ?? "";
  if (room < dateWidth + 4 || buckets.length < 3) return `${first}${" ".repeat(room)}${last}`;
  const before = Math.round(width / 2 - dateWidth / 2) - dateWidth;
  return `${first}${" ".repeat(before)}${middle}${" ".repeat(room - dateWidth - before)}${last}`;
}
