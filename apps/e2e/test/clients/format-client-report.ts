import type { ClientReport } from "./client-report.js";
import {
  difference,
  type FormatOptions,
  grouped,
  labelled,
  type Paint,
  painter,
  totals,
} from "./report-text.js";

/** Writes a report for people: each failure with what was sent and a diff, what was left out, then the totals. */
export function formatClientReport(report: ClientReport, options: FormatOptions = {}): string {
  const paint = painter(options);
  const { passed, failed, skipped } = report;
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
    ...skips(report, paint),
    "",
    paint(failed > 0 ? "red" : "green", totals(passed, { failed, skipped })),
    "",
  ].join("\n");
}

function skips({ cases }: ClientReport, paint: Paint): string[] {
  const reasons = cases.flatMap(({ skipped }) => skipped?.reason ?? []);
  if (reasons.length === 0) return [];
  return [
    "",
    paint("bold", "Skipped"),
    ...grouped(reasons, (reason) => reason).map(([reason, group]) => `  ${group.length} x ${reason}`),
  ];
}
