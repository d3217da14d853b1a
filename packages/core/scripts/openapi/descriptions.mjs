import { errorCodes, gradeMeanings, proxyTypeInfo, specOf } from "@auto-extend/core";
import { code, table } from "../../../../scripts/markdown.mjs";
import { failuresWithoutExample } from "./examples.mjs";

/** @import { ErrorCodeInfo, Operation, ProxyTypeInfo } from "@auto-extend/core" */

/** The description of the whole document, in Markdown. */
export function overview() {
  const others = errorCodes.filter((entry) => !entry.concernsAutoExtend);
  return sections([
    "The request of a proxy provider's API that switches auto-extend on or off for every IP address of whole orders, and six requests that go with it: they switch single IP addresses, list the orders, price an extension, list the rental periods that are sold, and read the balance. The provider publishes no OpenAPI document, so this one was written from its public pages. Each statement has a grade, which says how certain it is.",
    "# Grades of evidence",
    table(
      ["Grade", "Meaning"],
      Object.entries(gradeMeanings).map(([grade, meaning]) => [code(grade), meaning]),
    ),
    "# Error codes",
    `The provider's own list is longer and not public: expect other codes as well. Codes ${others.map((entry) => entry.code).join(", ")} belong to buying an order and are not expected here.`,
    table(
      ["Code", "Message", "Meaning", "What to do", "Grade"],
      errorCodes.filter(({ concernsAutoExtend }) => concernsAutoExtend).map(errorRow),
    ),
    "# Rental periods",
    "The periods that the provider is known or assumed to sell. The request takes any whole number of days.",
    table(["Proxy type", "Days", "Grade", "Source"], Object.values(proxyTypeInfo).map(periodRow)),
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
    "**Rules**, in the order in which they are tried:",
    rules.map(({ claim, grade }) => `1. ${claim} (${grade})`).join("\n"),
    "**Other statements:**",
    statements.map(({ claim, grade }) => `- ${claim} (${grade})`).join("\n"),
    ...failuresWithoutExample(operation).map(
      ({ code: number, failure }) =>
        `A request that gets error ${number} breaks the schema of the request, so it is not among the examples. Its answer:\n\n\`\`\`json\n${JSON.stringify(failure)}\n\`\`\``,
    ),
  ]);
}

/** @param {ErrorCodeInfo} entry */
function errorRow({ code: number, message, meaning, whatToDo, grade }) {
  return [
    String(number),
    message.grade === "assumed" ? "not public" : code(message.text),
    meaning,
    whatToDo,
    code(grade),
  ];
}

/** @param {ProxyTypeInfo} info */
function periodRow({ wire, rentPeriods: { days, grade, source } }) {
  return [code(wire), days.join(", "), code(grade), source];
}

/** @param {string[]} parts */
function sections(parts) {
  return parts.join("\n\n");
}
