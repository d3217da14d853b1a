import { describe, expect, it } from "vitest";
import { documentNames, pointerPart, readDocument, validatorOf } from "./document.js";

interface Media {
  schema: object;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

/** Every schema with examples beside or in it, with the pointer to the schema. */
function* examplesIn(
  value: unknown,
  pointer = "",
): Generator<{ name: string; schema: string; example: unknown }> {
  if (typeof value !== "object" || value === null) return;
  if ("schema" in value) {
    const { example, examples = {} } = value as Media;
    const schema = `${pointer}/schema`;
    if (example !== undefined) yield { name: `${pointer}/example`, schema, example };
    for (const [name, { value: example }] of Object.entries(examples)) {
      yield { name: `${pointer}/examples/${name}`, schema, example };
    }
  } else if ("example" in value) {
    yield { name: `${pointer}/example`, schema: pointer, example: value.example };
  }
  for (const [name, item] of Object.entries(value)) {
    if (name === "example" || name === "examples") continue;
    yield* examplesIn(item, `${pointer}/${pointerPart(name)}`);
  }
}

describe.each(documentNames)("each example in %s fits its schema", (name) => {
  const document = readDocument(name);
  const errorsOf = validatorOf(document);
  const found = [...examplesIn(document)];

  it("and there are enough of them to speak of", () => {
    expect(found.length).toBeGreaterThan(name === "openapi.json" ? 30 : 10);
  });

  it.each(found)("$name", ({ schema, example }) => {
    expect(errorsOf(schema, example)).toBe("");
  });
});

describe("the schemas", () => {
  const errorsOf = validatorOf(readDocument());
  const failure = "/components/schemas/SetAutoExtendFailure";
  const documented = {
    success: false,
    proxyType: null,
    rentPeriodDays: 0,
    quantity: 0,
    ipAddressIds: [],
    balance: 5,
    currency: "USD",
    error: { code: 4, message: "Incorrect proxy type" },
  };

  it.each([
    ["an empty object", {}],
    ["a proxy type in a failure", { ...documented, proxyType: "IPv4" }],
    ["IP addresses in a failure", { ...documented, ipAddressIds: ["1"] }],
    ["no error", { ...documented, error: null }],
  ])("refuse %s, so they judge", (_, answer) => {
    expect(errorsOf(failure, documented)).toBe("");
    expect(errorsOf(failure, answer)).not.toBe("");
  });

  it("allow fields that nobody knows yet", () => {
    const error = { ...documented.error, more: 1 };
    expect(errorsOf(failure, { ...documented, error, more: 1 })).toBe("");
  });
});
