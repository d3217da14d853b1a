import { difference, type FormatOptions, labelled, painter, totals } from "../report-text.js";
import type { ClientReport } from "./client-report.js";

/** Writes a report for people: each failure with what was sent and a diff, then the totals. */
export function formatClientReport(report: ClientReport, options: FormatOptions = {}): string {
  const paint = painter(options);
  const { passed, failed } = report;
  const failures = report.cases.filter(({ outcome }) => outcome === "failed");
  return [
    paint("bold", "Client cases"),
    ...failures.flatMap(({ id, title, sent, problems }) => [
      "",
      `${paint("red", "failed")}  ${paint("bold", id)}: ${title}`,
      ...(sent.length === 0 ? labelled("sent", "nothing") : []),
      ...sent.flatMap(({ method, path, body }) => labelled("sent", `${method} ${path}\n${body}`)),
      ...problems.flatMap((problem) => difference(problem, paint)),
    ]),
    "",
    paint(failed > 0 ? "red" : "green", totals(passed, { failed })),
    "",
  ].join("\n");
}
