import { describe, expect, it } from "vitest";
import { documentNames, readDocument } from "./document.js";

type Json = Record<string, unknown>;

interface Place {
  readonly pointer: string;
  readonly schema: Json;
}

/** The keywords that tools read in every schema, and two that only single schemas need. */
const keywords = new Set([
  ...["$ref", "title", "description", "example", "default", "type", "nullable", "enum", "oneOf", "allOf"],
  ...["properties", "required", "additionalProperties", "minProperties", "maxProperties"],
  ...["items", "minItems", "maxItems", "uniqueItems", "minLength", "maxLength", "pattern", "format"],
  ...["minimum", "maximum", "exclusiveMinimum", "not"],
]);

/** The parts of JSON Schema and OpenAPI 3.0 that one tool or another gets wrong. */
const rules: Record<string, (schema: Json) => boolean> = {
  "a keyword that few tools know": (schema) => Object.keys(schema).some((name) => !keywords.has(name)),
  "something beside a reference": (schema) => "$ref" in schema && Object.keys(schema).length > 1,
  "null among the values": ({ enum: values }) => Array.isArray(values) && values.includes(null),
  // Go's validators want null in the list, and Prism adds it a second time.
  "values that may be null": ({ enum: values, nullable }) => values !== undefined && nullable === true,
  "values without a type": ({ enum: values, type }) => values !== undefined && type === undefined,
  "nullable without a type": ({ nullable, type }) => nullable !== undefined && type === undefined,
  "several types": ({ type }) => type !== undefined && typeof type !== "string",
  "a pattern that RE2 does not read": ({ pattern }) => /\(\?(?!:)|\\[1-9]|\\[pPuk]/.test(String(pattern)),
  "a bound that a double or a long does not hold": ({ minimum = 0, maximum = 0 }) =>
    Math.max(Math.abs(Number(minimum)), Math.abs(Number(maximum))) > 2 ** 32,
  "a bound that later versions write differently": ({ exclusiveMaximum }) => exclusiveMaximum !== undefined,
  "a format that few tools know": ({ format }) => format !== undefined && format !== "date-time",
  "a list of anything": ({ type, items }) => type === "array" && items === undefined,
};

describe.each(documentNames)("%s", (name) => {
  const document = readDocument(name);
  const schemas = [...schemasIn(document, "#")];
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods) as Json[]);

  it.each(Object.entries(rules))("has no schema with %s", (_, isBroken) => {
    expect(schemas.length).toBeGreaterThan(50);
    expect(schemas.filter(({ schema }) => isBroken(schema)).map(({ pointer }) => pointer)).toEqual([]);
  });

  it("offers schemas to choose from that exclude each other by the value of a field, or by their type", () => {
    for (const { pointer, schema } of schemas) {
      if (!Array.isArray(schema.oneOf)) continue;
      const choices = schema.oneOf.map((choice) => resolved(choice));
      const isExclusive = (a: Json, b: Json) => a.type !== b.type || isRuledOut(a, b) || isRuledOut(b, a);
      for (const [index, choice] of choices.entries()) {
        for (const other of choices.slice(index + 1)) {
          expect(isExclusive(choice, other), `${pointer} ${choice.title} ${other.title}`).toBe(true);
        }
      }
    }
  });

  it("has names that are identifiers everywhere, and each once", () => {
    const ids = operations.map(({ operationId }) => String(operationId));
    expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(ids.length);
    const titles = Object.keys(document.components.schemas);
    expect(new Set(titles.map((title) => title.toLowerCase())).size).toBe(titles.length);
    expect(ids.filter((id) => !/^[a-z][a-zA-Z]+$/.test(id))).toEqual([]);
    expect(titles.filter((title) => !/^[A-Z][a-zA-Z]+$/.test(title) || title in globalThis)).toEqual([]);
    for (const [title, { title: own }] of Object.entries(document.components.schemas))
      expect(own).toBe(title);
  });

  it("has a tag for each operation, and a value for each part of a path", () => {
    const tags = (document.tags as Json[]).map(({ name: tag }) => tag);
    expect(new Set(tags).size).toBe(tags.length);
    for (const { tags: own, parameters, operationId } of operations) {
      expect(tags).toEqual(expect.arrayContaining(own as string[]));
      for (const { in: place, example, examples } of (parameters as Json[]) ?? []) {
        if (place === "path") expect(example ?? examples, String(operationId)).toBeDefined();
      }
    }
  });

  it("names its own mock first, and no live server before it", () => {
    const urls = (document.servers as { url: string }[]).map(({ url }) => url);
    expect(urls[0]).toBe("http://127.0.0.1:4010");
    expect(urls.slice(1)).toEqual(name === "openapi.json" ? ["https://youproxy.io"] : []);
  });

  function resolved(schema: Json): Json {
    const title =
      String(schema.$ref ?? "")
        .split("/")
        .at(-1) ?? "";
    return (document.components.schemas[title] as Json | undefined) ?? schema;
  }

  /** Whether no value of a schema fits another. */
  function isRuledOut(schema: Json, other: Json): boolean {
    const { not, properties = {}, additionalProperties } = other;
    if (not !== undefined && resolved(not as Json) === schema) return true;
    const required = (schema.required ?? []) as string[];
    const isClosed = additionalProperties === false;
    if (isClosed && required.some((field) => !(field in (properties as Json)))) return true;
    return constants(schema).some((each) => clashes(each, other));
  }
});

it.each([
  ["a keyword that few tools know", { anyOf: [] }],
  ["something beside a reference", { $ref: "#/a", description: "More." }],
  ["null among the values", { enum: [null] }],
  ["values that may be null", { type: "string", enum: ["a"], nullable: true }],
  ["values without a type", { enum: ["a"] }],
  ["nullable without a type", { nullable: true }],
  ["several types", { type: ["string", "null"] }],
  ["a pattern that RE2 does not read", { pattern: "^(?!NUMBER-)" }],
  ["a bound that a double or a long does not hold", { type: "integer", maximum: Number.MAX_SAFE_INTEGER }],
  ["a bound that later versions write differently", { exclusiveMaximum: true }],
  ["a format that few tools know", { type: "integer", format: "int128" }],
  ["a list of anything", { type: "array" }],
])("would notice a schema with %s", (rule, schema) => {
  expect(rules[rule]?.(schema)).toBe(true);
});

/** Every schema of a document, with the pointer to it. */
function* schemasIn(value: unknown, pointer: string): Generator<Place> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key.startsWith("x-") || ["example", "examples", "default"].includes(key)) continue;
    const path = `${pointer}/${key}`;
    if (key === "schema") yield* within(item as Json, path);
    else if (key === "schemas")
      for (const [title, each] of Object.entries(item)) yield* within(each as Json, `${path}/${title}`);
    else yield* schemasIn(item, path);
  }
}

function* within(schema: Json, pointer: string): Generator<Place> {
  yield { pointer, schema };
  for (const [key, value] of Object.entries(schema)) {
    const path = `${pointer}/${key}`;
    if (key === "properties") {
      for (const [name, each] of Object.entries(value as Json))
        yield* within(each as Json, `${path}/${name}`);
    } else if (key === "oneOf" || key === "allOf") {
      for (const [index, each] of (value as Json[]).entries()) yield* within(each, `${path}/${index}`);
    } else if (["items", "not", "additionalProperties"].includes(key) && typeof value === "object") {
      yield* within(value as Json, path);
    }
  }
}

/** The required fields with one value. */
function constants({ properties = {}, required = [] }: Json): [string, unknown][] {
  return Object.entries(properties as Record<string, Json>).flatMap(([name, { enum: values }]) =>
    Array.isArray(values) && values.length === 1 && (required as string[]).includes(name)
      ? [[name, values[0]] as [string, unknown]]
      : [],
  );
}

function clashes([name, value]: [string, unknown], { properties = {}, required = [] }: Json): boolean {
  const { enum: values } = (properties as Record<string, Json>)[name] ?? {};
  return Array.isArray(values) && !values.includes(value) && (required as string[]).includes(name);
}
