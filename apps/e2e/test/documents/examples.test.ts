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
