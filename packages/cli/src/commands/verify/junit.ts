/** A report of `verify` in the XML format of JUnit, which build servers read. */
import type { ServerReport } from "@auto-extend/contract-tests";
import { clean } from "../../app/format.js";

export type Junit = Pick<ServerReport, "cases" | "target"> & Partial<Pick<ServerReport, "statements">>;

/** @param error why not all cases ran (default: all did). */
export function junitReport({ cases, target, statements }: Junit, error: string | null = null): string {
  const countOf = (wanted: string) => cases.filter(({ outcome }) => outcome === wanted).length;
  const tests = cases.map(
    ({ id, title, outcome, duration, problems, skipped }) =>
      `  <testcase classname="${escaped(id.split("/")[0] ?? id)}" name="${escaped(`${id}: ${title}`)}" time="${seconds(duration)}">${
        outcome === "failed"
          ? `\n    <failure message="${escaped(problems[0]?.message ?? "failed")}">${escaped(problems.map(problemText).join("\n"))}</failure>\n  `
          : outcome === "skipped"
            ? `<skipped message="${escaped(skipped?.reason ?? "")}"/>`
            : ""
      }</testcase>\n`,
  );
  const errors = (error === null ? [] : [error]).map(
    (message) =>
      `  <testcase classname="run" name="run: all cases ran" time="0.000"><error message="${escaped(message)}"/></testcase>\n`,
  );
  // Build servers keep these with the results.
  const properties = Object.entries(statements ?? {}).map(
    ([name, count]) => `    <property name="statements.${name}" value="${count}"/>\n`,
  );
  const total = cases.reduce((sum, { duration }) => sum + duration, 0);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="${escaped(`auto-extend verify ${target}`)}" tests="${cases.length + errors.length}" failures="${countOf("failed")}" errors="${errors.length}" skipped="${countOf("skipped")}" time="${seconds(total)}">
${properties.length > 0 ? `  <properties>\n${properties.join("")}  </properties>\n` : ""}${[...tests, ...errors].join("")}</testsuite>
`;
}

function problemText({ at, message, actual }: ServerReport["cases"][number]["problems"][number]): string {
  return `${at}: ${message}${actual === null ? "" : ` (was ${actual})`}`;
}

function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(3);
}

/** XML has no control characters at all, not even escaped. */
function escaped(text: string): string {
  return clean(text, { keepLines: true })
    .replace(/[\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"'\n\t]/g, (character) => `&#${character.charCodeAt(0)};`);
}
