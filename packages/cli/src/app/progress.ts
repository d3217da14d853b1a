/** Shows how far a run is: a bar on a terminal, lines elsewhere. */
import type { Context, Sink } from "./context.js";
import { numberText, pluralize, widthOf } from "./format.js";

export interface Standing {
  readonly done: number;
  /** Those of them that are certainly not as requested. */
  readonly failed: number;
  readonly unknown?: number;
}

export type Progress = ReturnType<typeof createProgress>;

export interface ProgressOptions {
  readonly label: "Pricing" | "Switching";
  readonly sink: Sink;
  readonly talk: (line: string) => void;
  readonly bar: boolean;
  readonly total: number;
  readonly before: number;
  readonly now: () => number;
}

/** The time between two drawings, in milliseconds: more often, a terminal would be slower than the run. */
const frame = 100;
const widest = 30;

export function progressOf(
  context: Context,
  { label, total, before }: Pick<ProgressOptions, "label" | "total" | "before">,
) {
  const { io, talk } = context;
  const now = () => performance.now();
  return createProgress({ sink: io.stderr, talk, bar: hasBar(context), label, total, before, now });
}

/** Whether a bar is drawn. Between other lines, it would be torn. */
export function hasBar({ io, options }: Context): boolean {
  return io.stderr.isTTY === true && io.env.TERM !== "dumb" && options.verbose !== true;
}

/** Removes a bar, so that a line can be written; the next standing draws it again. */
export function clearBar(context: Context): void {
  if (hasBar(context)) context.io.stderr.write("\r\u001b[K");
}

/** Makes a bar that is drawn in place, or about ten lines, and one a minute at least. */
export function createProgress(options: ProgressOptions) {
  const { sink, talk, bar, label, total, before, now } = options;
  const started = now();
  let drawn = bar ? Number.NEGATIVE_INFINITY : started;
  let visible = false;
  let shown = 0;

  /** A tenth of the orders or a minute a line, so that a log stays readable. */
  function showLine(standing: Standing): void {
    const { done } = standing;
    const isEarly = done - shown < total / 10 && now() - drawn < 60_000;
    if (done === shown || (done < total && isEarly)) return;
    shown = done;
    drawn = now();
    talk(`${label}: ${numberText(done)} of ${pluralize(total, "order", "orders")}${failures(standing)}`);
  }

  function draw(standing: Standing): void {
    const { done } = standing;
    if (now() - drawn < frame) return;
    drawn = now();
    const columns = widthOf(sink);
    const rate = (1000 * (done - before)) / Math.max(now() - started, 1);
    const [count, share] = [
      `${numberText(done)}/${numberText(total)}`,
      `${Math.floor((100 * done) / total)} %`,
    ];
    const left = rate > 0 ? [`${duration((total - done) / rate)} left`] : [];
    const [words = ""] = [[count, share, `${Math.round(rate)}/s`, ...left], [count, share, ...left], [count]]
      .map((parts) => parts.join("  ") + failures(standing))
      .filter((text, index) => text.length < columns || index === 2);
    const start = columns - words.length - label.length > 5 ? `${label} ` : "";
    const width = Math.min(widest, columns - start.length - words.length - 4);
    const full = Math.floor((Math.max(width, 0) * done) / total);
    const drawing = width < 3 ? "" : `[${"#".repeat(full)}${"-".repeat(width - full)}] `;
    // One cell stays free: a line that fills the terminal would wrap.
    sink.write(`\r${(start + drawing + words).slice(0, columns - 1)}\u001b[K`);
    visible = true;
  }

  function clear(): void {
    if (visible) sink.write("\r\u001b[K");
    visible = false;
    drawn = Number.NEGATIVE_INFINITY;
  }

  return { show: bar ? draw : showLine, clear };
}

function failures({ failed, unknown = 0 }: Standing): string {
  return [
    failed > 0 ? `, ${numberText(failed)} failed` : "",
    unknown > 0 ? `, ${numberText(unknown)} unknown` : "",
  ].join("");
}

/** A span of time for people: `45s`, `3m 05s`, `2h 07m`. */
function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  if (hours > 0) return `${hours}h ${two(minutes)}m`;
  return minutes > 0 ? `${minutes}m ${two(whole % 60)}s` : `${whole}s`;
}
