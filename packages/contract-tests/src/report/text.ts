import { printable } from "@auto-extend/core";

/** How a report is written. */
export interface FormatOptions {
  /** Whether colours are used, for terminals; none where left out. */
  readonly colour?: boolean;
}

const codes = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 } as const;

/** Paints a text, or leaves it plain. */
export type Paint = (colour: keyof typeof codes, text: string) => string;

/** The painter for a report. */
export function painter({ colour = false }: FormatOptions): Paint {
  return (name, text) => (colour ? `\u001b[${codes[name]}m${text}\u001b[0m` : text);
}

/** A text under its label, every line of it indented alike. */
export function labelled(label: string, text: string): string[] {
  return printable(text)
    .split("\n")
    .map((line, index) => `    ${(index === 0 ? label : "").padEnd(8)}${line}`.trimEnd());
}

/** One difference as a diff: where it is, what was expected there, in a value or a few words, and what came. */
export function difference(
  { at, expected, came }: { at: string; expected: string; came: string },
  paint: Paint,
): string[] {
  return [
    `    ${at}`,
    paint("green", `    - expected: ${oneLine(expected)}`),
    paint("red", `    + came:     ${oneLine(came)}`),
  ];
}

/** Totals as people say them, without those that are 0 but for the first. */
export function totals(passed: number, others: Readonly<Record<string, number>>): string {
  const rest = Object.entries(others).filter(([, count]) => count > 0);
  return [`${passed} passed`, ...rest.map(([name, count]) => `${count} ${name}`)].join(", ");
}

function oneLine(text: string): string {
  const line = printable(text.replace(/\s*\n\s*/g, " "));
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}
