import { printable } from "@auto-extend/core";
import {
  type CaseProblem,
  type ContradictedStatement,
  type Exchange,
  type NotRestored,
  type Remark,
  type ServerCaseResult,
  type ServerReport,
  type Skip,
  stateText,
} from "./report.js";

/** How a report is written. */
export interface ServerFormatOptions {
  /** Whether to use colours, for terminals (default: no). */
  readonly colour?: boolean;
  /** The names of the options that let skipped cases run, where the report is read (default: those of the target). */
  readonly optionNames?: Readonly<Record<NonNullable<Skip["option"]>, string>>;
}

const maxLines = 8;
const maxIds = 3;
const maxRemarks = 12;
/** How much of a value is printed, in characters. */
const maxValueLength = 300;

/**
 * Writes a report for people: each kind of failure once, the statements that are contradicted, what was only remarked, what
 * was not checked or skipped, what could not be restored, and the totals.
 */
export function formatServerReport(report: ServerReport, options: ServerFormatOptions = {}): string {
  const { colour = false, optionNames = { allowChanges: "allowChanges", orders: "orders" } } = options;
  const paint: Paint = (name, text) => (colour ? `\u001b[${colours[name]}m${text}\u001b[0m` : text);
  const { cases, failed } = report;
  const failures = cases.filter(({ outcome }) => outcome === "failed");
  return [
    paint("bold", `Server cases against ${report.target}`),
    ...grouped(failures, kindOf).flatMap(([, group]) => ["", ...failureGroup(group, paint)]),
    ...section("The server contradicts the contract", contradictions(report.contradicted, paint), paint),
    ...section("Differences that fail no case", remarks(report.remarks, paint), paint),
    ...section("Passed, but only the answers were checked", uncheckedCases(cases, paint), paint),
    ...section("Skipped", skips(cases, optionNames, paint), paint),
    ...section("Not restored", report.notRestored.flatMap(leftover), paint),
    "",
    paint(failed > 0 ? "red" : "green", totals(report)),
    "",
  ].join("\n");
}

const colours = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 } as const;

/** Colours a text, or leaves it plain. */
type Paint = (colour: keyof typeof colours, text: string) => string;

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : ["", paint("bold", title), ...lines];
}

/** Failures are of the same kind if they have the same problems, apart from values. */
function kindOf({ problems }: ServerCaseResult): string {
  const shape = (text: string | null) => (text ?? "").replace(/"[^"]*"|\d+/g, "*");
  const kinds = problems.map(({ at, message, actual }) => [at, message, actual].map(shape).join("\n"));
  return [...new Set(kinds)].sort().join("\n");
}

/** The first failure of its kind in full, and the ids of the others. */
function failureGroup(group: readonly ServerCaseResult[], paint: Paint): string[] {
  const others = group.slice(1).map(({ id }) => id);
  return [
    ...group.slice(0, 1).flatMap((first) => failure(first, paint)),
    ...(others.length > 0
      ? [`    The same kind of problem in ${others.length} more: ${someOf(others)}`]
      : []),
  ];
}

function failure({ id, title, grade, exchanges, problems }: ServerCaseResult, paint: Paint): string[] {
  return [
    `${paint("red", "failed")}  ${paint("bold", id)}: ${title} (${grade})`,
    ...exchanges.flatMap((entry, index) => [
      ...exchange(entry),
      ...problems.filter((problem) => problem.exchange === index).map((each) => problemLine(each, paint)),
    ]),
  ];
}

function problemLine({ at, message, actual }: CaseProblem, paint: Paint): string {
  const found = actual === null ? "" : `; it is ${actual}`;
  return paint("red", `    ! ${oneLine(`${at}: ${message}`)}${oneLine(found)}`);
}

function exchange({ sent, expected, received }: Exchange): string[] {
  const headers = Object.entries(sent.headers).map(([name, value]) => `${name}: ${value}`);
  const answer =
    "failure" in received
      ? [`no answer: ${received.failure}`]
      : [
          `HTTP ${received.status}, ${received.headers["content-type"] ?? "no media type"}`,
          ...bodyLines(received.body),
        ];
  return [
    ...labelled("sent", [`${sent.method} ${sent.url}`, ...headers, ...bodyLines(sent.body ?? "")]),
    ...labelled("expected", [expected]),
    ...labelled("received", answer),
  ];
}

/** A list of lines below their label, all of them indented. */
function labelled(label: string, lines: readonly string[]): string[] {
  return printable(lines.join("\n"))
    .split("\n")
    .map((line, index) => `    ${(index === 0 ? label : "").padEnd(10)}${line}`.trimEnd());
}

/** The beginning of a body. Of one that is mostly spaces, as in the case about size, the spaces are left out. */
function bodyLines(body: string): string[] {
  if (body === "") return [];
  const lines = body.replace(/ {10,}/g, " ").split("\n");
  return lines.length > maxLines ? [...lines.slice(0, maxLines), "..."] : lines;
}

function contradictions(contradicted: readonly ContradictedStatement[], paint: Paint): string[] {
  return contradicted.flatMap(({ id, grade, claim, source, by }) => [
    `  ${paint("yellow", id)} (${grade}): ${claim}`,
    paint("dim", `      Source: ${source}. Disproved by ${someOf(by)}.`),
  ]);
}

function remarks(all: readonly Remark[], paint: Paint): string[] {
  const lines = all.map(({ operation, at, message, level, by }) => {
    const why =
      level === "emits"
        ? "the contract allows it, but the mock answers differently"
        : "see the case about it";
    return `  ${operation} ${oneLine(`${at}: ${message}`)} ${paint("dim", `(${why}; ${by.length} x)`)}`;
  });
  const rest = lines.length - maxRemarks;
  return [...lines.slice(0, maxRemarks), ...(rest > 0 ? [`  and ${rest} more`] : [])];
}

function uncheckedCases(cases: readonly ServerCaseResult[], paint: Paint): string[] {
  const passed = cases.filter(({ outcome, unchecked }) => outcome === "passed" && unchecked !== null);
  return grouped(passed, ({ unchecked }) => unchecked ?? "").flatMap(([reason, group]) => [
    `  ${group.length} x ${oneLine(reason)}`,
    ...families(group, paint),
  ]);
}

function skips(
  cases: readonly ServerCaseResult[],
  names: NonNullable<ServerFormatOptions["optionNames"]>,
  paint: Paint,
): string[] {
  const skipped = cases.filter((each) => each.skipped !== null);
  return grouped(skipped, (each) => skipLine(each.skipped, names)).flatMap(([line, group]) => [
    `  ${group.length} x ${oneLine(line)}`,
    ...families(group, paint),
  ]);
}

function skipLine(skip: Skip | null, names: NonNullable<ServerFormatOptions["optionNames"]>): string {
  if (!skip) return "";
  if (skip.option === null) return skip.reason;
  const remedy =
    skip.option === "orders"
      ? `name orders of your own with ${names.orders}`
      : `${names[skip.option]} lets it run`;
  return `${skip.reason}: ${remedy}`;
}

function leftover({ orderId, ipAddressId, was, now, whatToDo }: NotRestored): string[] {
  const what = ipAddressId === null ? `order ${orderId}` : `order ${orderId}, IP address ${ipAddressId}`;
  return [
    `  ${printable(what)}: was ${was ? stateText(was) : "unknown"}, is ${now ? stateText(now) : "unknown"}`,
    `      ${printable(whatToDo)}`,
  ];
}

function totals({ passed, failed, skipped, cases, notRestored }: ServerReport): string {
  const unchecked = cases.filter((each) => each.outcome === "passed" && each.unchecked !== null).length;
  return [
    `${passed} passed${unchecked > 0 ? ` (${unchecked} with only the answers checked)` : ""}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(notRestored.length > 0 ? [`${notRestored.length} not restored`] : []),
  ].join(", ");
}

/** Items by what they have in common, in the order in which each group began. */
function grouped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): [key: string, group: readonly Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups];
}

/** The first few case ids, and how many more there are. */
function someOf(ids: readonly string[]): string {
  const rest = ids.length - maxIds;
  return ids.slice(0, maxIds).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

/** All case ids. Those that differ in their last part share a line. */
function families(cases: readonly ServerCaseResult[], paint: Paint): string[] {
  const ids = cases.map(({ id }) => id);
  return grouped(ids, (id) => id.slice(0, id.lastIndexOf("/") + 1)).map(([family, group]) => {
    const names = group.map((id) => id.slice(family.length)).join(", ");
    return paint("dim", `      ${group.length === 1 ? group[0] : `${family}{${names}}`}`);
  });
}

function oneLine(text: string): string {
  const line = printable(text.replace(/\s*\n\s*/g, " "));
  return line.length > maxValueLength ? `${line.slice(0, maxValueLength)}...` : line;
}
