import { byFamily, fewOf, grouped } from "./groups.js";
import type { ContradictedStatement, Exchange, ServerCaseResult, ServerReport, Skip } from "./report.js";
import { difference, type FormatOptions, labelled, type Paint, painter, totals } from "./text.js";

/** How many lines of a body are printed. */
const mostLines = 8;

/** How a report on a server is written. */
export interface ServerFormatOptions extends FormatOptions {
  /** What the options that let skipped cases run are called where the report is read. */
  readonly optionNames?: Readonly<Record<Skip["option"], string>>;
}

/**
 * Writes a report for people: each kind of failure once, as sent, wanted, came and a diff; what was contradicted; what
 * was skipped; the totals.
 */
export function formatServerReport(report: ServerReport, options: ServerFormatOptions = {}): string {
  const { optionNames = { allowChanges: "allowChanges", orders: "orders" } } = options;
  const paint = painter(options);
  const failures = report.cases.filter(({ outcome }) => outcome === "failed");
  const { passed, failed, skipped } = report;
  return [
    paint("bold", `Server cases against ${report.target}`),
    ...grouped(failures, kindOf).flatMap(([, group]) => ["", ...failureGroup(group, paint)]),
    ...contradictions(report.contradicted, paint),
    ...skips(report.cases, optionNames, paint),
    "",
    paint(failed > 0 ? "red" : "green", totals(passed, { failed, skipped })),
    "",
  ].join("\n");
}

/** Failures with the same differences but for the values are of one kind, in however many of their answers. */
function kindOf({ problems }: ServerCaseResult): string {
  const kinds = problems.map(({ at, expected, came }) => `${at}\n${shape(expected)}\n${shape(came)}`);
  return [...new Set(kinds)].sort().join("\n");
}

function shape(text: string): string {
  return text.replace(/"[^"]*"|\d+/g, "*");
}

/** The first failure of its kind in full, and which others there are. */
function failureGroup(group: readonly ServerCaseResult[], paint: Paint): string[] {
  const others = group.slice(1).map(({ id }) => id);
  return [
    ...group.slice(0, 1).flatMap((first) => failure(first, paint)),
    ...(others.length > 0 ? [`    The same kind of problem in ${others.length} more: ${fewOf(others)}`] : []),
  ];
}

function failure({ id, title, grade, exchanges, problems }: ServerCaseResult, paint: Paint): string[] {
  return [
    `${paint("red", "failed")}  ${paint("bold", id)}: ${title} (${grade})`,
    ...exchanges.flatMap((entry, index) => [
      ...exchange(entry),
      ...problems
        .filter((problem) => problem.exchange === index)
        .flatMap((problem) => difference(problem, paint)),
    ]),
  ];
}

function exchange({ sent, wanted, came }: Exchange): string[] {
  const headers = Object.entries(sent.headers).map(([name, value]) => `${name}: ${value}`);
  return [
    ...labelled("sent", [`${sent.method} ${sent.url}`, ...headers, ...bodyLines(sent.body ?? "")].join("\n")),
    ...labelled("wanted", wanted),
    ...labelled(
      "came",
      "failure" in came
        ? `no answer: ${came.failure}`
        : [
            `HTTP ${came.status}, ${came.headers["content-type"] ?? "no media type"}`,
            ...bodyLines(came.body),
          ].join("\n"),
    ),
  ];
}

/** The beginning of a body. One that is mostly space, as that of the case on size, says little when printed. */
function bodyLines(body: string): string[] {
  const lines = body.replace(/ {10,}/g, " ").split("\n");
  const shown = lines.length > mostLines ? [...lines.slice(0, mostLines), "..."] : lines;
  return body === "" ? [] : shown;
}

function contradictions(contradicted: readonly ContradictedStatement[], paint: Paint): string[] {
  if (contradicted.length === 0) return [];
  return [
    "",
    paint("bold", "The server contradicts the contract"),
    ...contradicted.flatMap(({ id, grade, claim, source, by }) => [
      `  ${paint("yellow", id)} (${grade}): ${claim}`,
      paint("dim", `      Source: ${source}. Disproved by ${fewOf(by)}.`),
    ]),
  ];
}

function skips(
  cases: readonly ServerCaseResult[],
  names: Readonly<Record<Skip["option"], string>>,
  paint: Paint,
): string[] {
  const left = cases.flatMap(({ id, skipped }) => (skipped ? [{ id, ...skipped }] : []));
  if (left.length === 0) return [];
  return [
    "",
    paint("bold", "Skipped"),
    ...grouped(left, (skip) => `${skip.reason}: ${remedy(skip, names)}`).flatMap(([line, group]) => [
      `  ${group.length} x ${line}`,
      ...byFamily(group.map(({ id }) => id)).map((text) => paint("dim", `      ${text}`)),
    ]),
  ];
}

function remedy({ option }: Skip, names: Readonly<Record<Skip["option"], string>>): string {
  return option === "orders"
    ? `name orders of your own with ${names.orders}`
    : `${names[option]} lets it run`;
}
