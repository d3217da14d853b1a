import { difference, type FormatOptions, labelled, type Paint, painter, totals } from "../report-text.js";
import type {
  ContradictedStatement,
  Exchange,
  ServerCaseResult,
  ServerReport,
  Skip,
} from "./server-report.js";

/** How a report on a server is written. */
export interface ServerFormatOptions extends FormatOptions {
  /** What the options that let skipped cases run are called where the report is read. */
  readonly optionNames?: Readonly<Record<Skip["option"], string>>;
}

/** Writes a report for people: each failure as sent, wanted, came and a diff; what was contradicted; the totals. */
export function formatServerReport(report: ServerReport, options: ServerFormatOptions = {}): string {
  const { optionNames = { allowChanges: "allowChanges", orders: "orders" } } = options;
  const paint = painter(options);
  const failures = report.cases.filter(({ outcome }) => outcome === "failed");
  const { passed, failed, skipped } = report;
  return [
    paint("bold", `Server cases against ${report.target}`),
    ...failures.flatMap((result) => ["", ...failure(result, paint)]),
    ...contradictions(report.contradicted, paint),
    ...skips(report.cases, optionNames, paint),
    "",
    paint(failed > 0 ? "red" : "green", totals(passed, { failed, skipped })),
    "",
  ].join("\n");
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
    ...labelled("sent", [`${sent.method} ${sent.url}`, ...headers, ...bodyLine(sent.body ?? "")].join("\n")),
    ...labelled("wanted", wanted),
    ...labelled(
      "came",
      "failure" in came
        ? `no answer: ${came.failure}`
        : [
            `HTTP ${came.status}, ${came.headers["content-type"] ?? "no media type"}`,
            ...bodyLine(came.body),
          ].join("\n"),
    ),
  ];
}

/** A body that is mostly space, as that of the case on size, says little when printed. */
function bodyLine(body: string): string[] {
  const text = body.replace(/ {10,}/g, " ");
  return text === "" ? [] : [text];
}

function contradictions(contradicted: readonly ContradictedStatement[], paint: Paint): string[] {
  if (contradicted.length === 0) return [];
  return [
    "",
    paint("bold", "The server contradicts the contract"),
    ...contradicted.flatMap(({ id, grade, claim, source, by }) => [
      `  ${paint("yellow", id)} (${grade}): ${claim}`,
      paint("dim", `      Source: ${source}. Disproved by ${by.join(", ")}.`),
    ]),
  ];
}

function skips(
  cases: readonly ServerCaseResult[],
  names: Readonly<Record<Skip["option"], string>>,
  paint: Paint,
): string[] {
  const reasons = new Map<string, number>();
  for (const { skipped } of cases) {
    if (!skipped) continue;
    const line = `${skipped.reason}; ${names[skipped.option]} lets it run`;
    reasons.set(line, (reasons.get(line) ?? 0) + 1);
  }
  if (reasons.size === 0) return [];
  return ["", paint("bold", "Skipped"), ...[...reasons].map(([line, count]) => `  ${count} x ${line}`)];
}
