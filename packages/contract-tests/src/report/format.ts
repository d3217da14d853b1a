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
  /** Whether to use colours, for terminals (default: false). */
  readonly colour?: boolean;
  /** The names that the report gives to the options that let skipped cases run (default: those of `ServerTarget`). */
  readonly optionNames?: Readonly<Record<NonNullable<Skip["option"]>, string>>;
}

const maxLines = 8;
const maxIds = 3;
const maxRemarks = 12;
/** How much of a value is printed, in characters. */
const maxValueLength = 300;

/** Writes a report for people: each kind of failure once, and the reasons of the cases that were skipped or not checked. */
export function formatServerReport(report: ServerReport, options: ServerFormatOptions = {}): string {
  const { colour = false, optionNames = { allowChanges: "allowChanges", orders: "orders" } } = options;
  const paint: Paint = (name, text) => (colour ? `\u001b[${colours[name]}m${text}\u001b[0m` : text);
  const { cases, failed } = report;
  const failures = cases.filter(({ outcome }) => outcome === "failed");
  return [
    paint("bold", `Contract tests of ${report.target}`),
    ...grouped(failures, kindOf).flatMap(([, group]) => ["", ...failureGroup(group, paint)]),
    ...section("The server contradicts the contract", contradictions(report.contradicted, paint), paint),
    ...section("Remarks: differences that did not fail a case", remarks(report.remarks, paint), paint),
    ...section("Passed, but only the answers were checked", reasons(uncheckedCases(report), paint), paint),
    ...section("Skipped", reasons(skips(cases, optionNames), paint), paint),
    ...section("Not restored", report.notRestored.flatMap(leftover), paint),
    "",
    statementTotals(report.statements),
    paint(failed > 0 ? "red" : "green", totals(report)),
    "",
  ].join("\n");
}

const colours = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 } as const;

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

function failureGroup(group: readonly ServerCaseResult[], paint: Paint): string[] {
  const others = group.slice(1).map(({ id }) => id);
  const more = `    ${others.length} more ${others.length === 1 ? "case" : "cases"} failed in the same way: `;
  return [
    ...group.slice(0, 1).flatMap((first) => failure(first, paint)),
    ...(others.length > 0 ? [more + someOf(others)] : []),
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
  const found = actual === null || message.startsWith(`is ${actual}`) ? "" : `; it is ${actual}`;
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
    paint("dim", `      Source: ${source}. Contradicted in ${someOf(by)}.`),
  ]);
}

function remarks(all: readonly Remark[], paint: Paint): string[] {
  const reasons = {
    emits: "the contract allows it, but the mock answers differently",
    lawful: "another case tests this assumption",
  };
  const lines = all.map(({ operation, at, message, level, by }) => {
    const why = reasons[level];
    return `  ${operation} ${oneLine(`${at}: ${message}`)} ${paint("dim", `(${why}; in ${casesOf(by.length)})`)}`;
  });
  const rest = lines.length - maxRemarks;
  return [...lines.slice(0, maxRemarks), ...(rest > 0 ? [`  and ${rest} more`] : [])];
}

type Reasons = readonly { readonly reason: string; readonly id: string }[];

function reasons(all: Reasons, paint: Paint): string[] {
  return grouped(all, ({ reason }) => reason).flatMap(([reason, group]) => [
    `  ${casesOf(group.length)}, ${group.length === 1 ? "" : "each "}because ${oneLine(reason)}`,
    ...families(group, paint),
  ]);
}

function uncheckedCases({ cases }: ServerReport): Reasons {
  return cases.flatMap(({ id, outcome, unchecked }) =>
    outcome === "passed" && unchecked !== null ? [{ id, reason: unchecked }] : [],
  );
}

function skips(
  cases: readonly ServerCaseResult[],
  names: NonNullable<ServerFormatOptions["optionNames"]>,
): Reasons {
  const remedies = {
    orders: `list orders of your own with the option ${names.orders}`,
    allowChanges: `set ${names.allowChanges} to run such cases`,
  };
  return cases.flatMap(({ id, skipped }) => {
    if (skipped === null) return [];
    const { reason, option } = skipped;
    return [{ id, reason: option === null ? reason : `${reason}: ${remedies[option]}` }];
  });
}

function leftover({ orderId, ipAddressId, was, now, whatToDo }: NotRestored): string[] {
  const what = ipAddressId === null ? `order ${orderId}` : `order ${orderId}, IP address ${ipAddressId}`;
  const before = was ? `it was ${stateText(was)} before the run` : "its state before the run is not known";
  const after = now ? `it is ${stateText(now)} now` : "its state now is not known";
  return [`  ${printable(what)}: ${before}, and ${after}`, `      ${printable(whatToDo)}`];
}

function totals(report: ServerReport): string {
  const { passed, failed, skipped, notRestored } = report;
  const unchecked = uncheckedCases(report).length;
  return [
    `${passed} passed${unchecked > 0 ? ` (${unchecked} with only the answers checked)` : ""}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(notRestored.length > 0 ? [`${notRestored.length} not restored`] : []),
  ].join(", ");
}

function statementTotals(counts: ServerReport["statements"]): string {
  const { total, tested, confirmed, contradicted, notTested } = counts;
  return `${total} statements of the contract: ${tested} tested, ${confirmed} confirmed, ${contradicted} contradicted, ${tested - confirmed - contradicted} undecided, ${notTested} not tested.`;
}

function grouped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): [key: string, group: readonly Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups];
}

function someOf(ids: readonly string[]): string {
  const rest = ids.length - maxIds;
  return ids.slice(0, maxIds).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

/** All case IDs. Those that differ in their last part share a line. */
function families(cases: Reasons, paint: Paint): string[] {
  const ids = cases.map(({ id }) => id);
  return grouped(ids, (id) => id.slice(0, id.lastIndexOf("/") + 1)).map(([family, group]) => {
    const names = group.map((id) => id.slice(family.length)).join(", ");
    return paint("dim", `      ${group.length === 1 ? group[0] : `${family}{${names}}`}`);
  });
}

function casesOf(count: number): string {
  return count === 1 ? "1 case" : `${count} cases`;
}

function oneLine(text: string): string {
  const line = printable(text.replace(/\s*\n\s*/g, " "));
  return line.length > maxValueLength ? `${line.slice(0, maxValueLength)}...` : line;
}
