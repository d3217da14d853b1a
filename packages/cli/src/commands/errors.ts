import { describeErrorCode, type ErrorCodeDescription, errorCodes, gradeMeanings } from "@auto-extend/core";
import { usageError } from "../cli-error.js";
import type { Paint } from "../colour.js";
import type { Context } from "../context.js";
import type { Outcome } from "../invocation.js";

/** Explains one of the provider's error codes, or lists those of the catalogue. */
export function explainErrors({ paint }: Context, code?: string): Outcome {
  if (code === undefined) {
    return {
      result: { errors: errorCodes.map(({ code }) => describeErrorCode(code)) },
      text: () => tableOfErrors(paint),
    };
  }
  if (!/^-?\d+$/.test(code)) {
    throw usageError(`"${code}" is no error code.`, "Give the number in error.code, such as 29.");
  }
  const description = describeErrorCode(Number(code));
  return { result: { errors: [description] }, text: () => detailsOf(description, paint) };
}

function tableOfErrors(paint: Paint): string {
  const rows = errorCodes.map(({ code, message, grade, meaning, whatToDo }) => ({
    code: String(code),
    grade,
    // A message of our own is in no answer of the provider's, so it would mislead here.
    message: message.grade === "assumed" ? "(not public)" : message.text,
    meaning,
    whatToDo,
  }));
  const widths = {
    grade: Math.max(...rows.map(({ grade }) => grade.length)),
    message: Math.max(...rows.map(({ message }) => message.length)),
  };
  const line = (code: string, grade: string, message: string, last: string) =>
    `${code.padStart(4)}  ${grade.padEnd(widths.grade)}  ${message.padEnd(widths.message)}  ${last}\n`;
  return [
    paint("bold", line("CODE", "GRADE", "MESSAGE", "MEANING, AND WHAT TO DO")),
    ...rows.map(
      ({ code, grade, message, meaning, whatToDo }) =>
        line(code, grade, message, meaning) + line("", "", "", whatToDo),
    ),
    "\nThe provider's own list is longer; a code that is not here passes through as it came.\n",
  ].join("");
}

function detailsOf(description: ErrorCodeDescription, paint: Paint): string {
  const rows: [string, string][] = description.known
    ? [
        [
          "Message",
          `${description.message.text} (${description.message.grade}: ${description.message.source})`,
        ],
        ["Meaning", description.meaning],
        ["What to do", description.whatToDo],
        ["Grade", `${description.grade}: ${gradeMeanings[description.grade]}`],
        ["Source", description.source],
      ]
    : [
        ["Meaning", description.meaning],
        ["What to do", description.whatToDo],
      ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return [
    `${paint("bold", `Error ${description.code}`)}\n`,
    ...rows.map(([label, text]) => `${label.padEnd(width)}  ${text}\n`),
  ].join("");
}
