import { errorCodes, gradeMeanings, rentPeriodsSold, specOf } from "@auto-extend/core";
import { code, table } from "../../../../scripts/markdown.mjs";
import { failuresWithoutExample } from "./examples.mjs";

/** @import { ErrorCodeInfo, Operation, SoldPeriods } from "@auto-extend/core" */

/** The description of the whole document, in Markdown. */
export function overview() {
  const others = errorCodes.filter(({ about }) => about === "purchase");
  return sections([
    "Seven requests of a proxy provider's API. The first one switches auto-extend (automatic renewal of rented IP addresses) on or off for every IP address of the given orders. The others switch single IP addresses, list the orders, price an extension, list the rental periods that are sold, and read the balance. The provider publishes no OpenAPI document, so this one was written from its public pages. Each statement has a grade, which says how certain it is.",
    "# Grades of evidence",
    table(
      ["Grade", "Meaning"],
      Object.entries(gradeMeanings).map(([grade, meaning]) => [code(grade), meaning]),
    ),
    "# Error codes",
    `The provider's own list is longer and not public: expect other codes as well. Codes ${others.map((entry) => entry.code).join(", ")} belong to buying an order and are not expected here.`,
    table(
      ["Code", "Message", "Meaning", "What to do", "Grade"],
      errorCodes.filter(({ about }) => about !== "purchase").map(errorRow),
    ),
    "# Rental periods",
    "The periods that the provider is known or assumed to sell. The schema allows any whole number of days, since this list may change. The mock's default world sells 30 days of each type and nothing else; a world of your own can sell others.",
    table(["Proxy type", "Days", "Grade", "Source"], Object.entries(rentPeriodsSold).map(periodRow)),
  ]);
}

/**
 * The description of an operation in Markdown, with its rules, its statements, and the failures that have no example.
 *
 * @param {Operation} operation
 */
export function operationDescription(operation) {
  const { description, rules, statements } = specOf(operation);
  return sections([
    description,
    "**Rules**, in the order in which they are checked:",
    rules.map(({ claim, grade }) => `1. ${claim} (${grade})`).join("\n"),
    "**Other statements:**",
    statements.map(({ claim, grade }) => `- ${claim} (${grade})`).join("\n"),
    ...failuresWithoutExample(operation).map(
      ({ code: number, failure }) =>
        `There is no example of error ${number}, because a request that causes it does not match the schema. Its answer:\n\n\`\`\`json\n${JSON.stringify(failure)}\n\`\`\``,
    ),
  ]);
}

/** @param {ErrorCodeInfo} entry */
function errorRow({ code: number, message, meaning, whatToDo, grade }) {
  return [
    String(number),
    message.grade === "assumed" ? `not public; the mock says ${code(message.text)}` : code(message.text),
    meaning,
    whatToDo,
    code(grade),
  ];
}

/** @param {[type: string, sold: SoldPeriods]} row */
function periodRow([type, { days, grade, source }]) {
  return [code(type), days.join(", "), code(grade), source];
}

/** @param {string[]} parts */
function sections(parts) {
  return parts.join("\n\n");
}
