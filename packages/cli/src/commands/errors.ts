import { describeErrorCode, errorCodes, gradeMeanings, grades } from "@auto-extend/core";
import { defineCommand } from "../app/command.js";
import type { Context } from "../app/context.js";
import { usageError } from "../app/errors.js";
import { definitions, widthOf, wrap } from "../app/format.js";
import type { ErrorDescription } from "../program/results.js";

export const errors = defineCommand({
  name: "errors",
  group: "More",
  description: "Explain the provider's error codes, or one of them.",
  argument: "[code]",
  argumentValues: errorCodes.map(({ code, meaning }) => ({ name: String(code), description: meaning })),
  options: {},
  examples: ["auto-extend errors", "auto-extend errors 29", "auto-extend errors 29 --json"],
  async run(context, { args: [code] }) {
    if (code === undefined) {
      return {
        result: { errors: errorCodes.map(({ code }) => descriptionOf(code)) },
        text: () => allErrors(context),
      };
    }
    if (!/^-?\d+$/.test(code) || !Number.isSafeInteger(Number(code))) {
      throw usageError(
        `"${code}" is not an error code.`,
        "Give the number of an error, such as 29; auto-extend errors lists them.",
      );
    }
    const description = descriptionOf(Number(code));
    return { result: { errors: [description] }, text: () => oneError(context, description) };
  },
});

function descriptionOf(code: number): ErrorDescription {
  const entry = errorCodes.find((each) => each.code === code);
  if (entry) return { known: true, ...entry };
  const { meaning, whatToDo } = describeErrorCode(code);
  return { known: false, code, about: null, meaning, whatToDo };
}

function allErrors({ paint, io }: Context): string {
  const width = widthOf(io.stdout);
  const blocks = errorCodes.map(({ code, message, grade, meaning, whatToDo }) => {
    // A message that is assumed is in no answer of the provider, so it would mislead here.
    const text = message.grade === "assumed" ? "message not public" : `"${message.text}"`;
    const [head = "", ...rest] = wrap(`Error ${code}, ${text}, ${grade}`, width).split("\n");
    return [paint("bold", head), ...rest, wrap(`  ${meaning}`, width), wrap(`  ${whatToDo}`, width)].join(
      "\n",
    );
  });
  const last =
    "The provider's own list is longer: other codes are shown as they come. If a message is not public, the mock makes one up.";
  const legend = [
    wrap("The last word of a heading says how sure it is:", width),
    ...definitions(
      grades.map((name) => [`  ${name}`, gradeMeanings[name]] as const),
      width,
    ),
  ].join("\n");
  return `${[...blocks, wrap(last, width), legend].join("\n\n")}\n`;
}

function oneError({ paint, io }: Context, description: ErrorDescription): string {
  const { meaning, whatToDo } = description;
  const rows: [string, string][] = [
    ["Meaning", meaning],
    ["What to do", whatToDo],
  ];
  if (description.known) {
    const { text, grade } = description.message;
    rows.unshift(["Message", grade === "assumed" ? `not public; the mock says "${text}"` : text]);
    rows.push(["Grade", `${description.grade}: ${gradeMeanings[description.grade]}`]);
  }
  const lines = [paint("bold", `Error ${description.code}`), ...definitions(rows, widthOf(io.stdout))];
  return `${lines.join("\n")}\n`;
}
