import {
  checkAnswer,
  createRedactor,
  type FailureExample,
  operations,
  pathParameters,
  problem,
  type SchemaDocs,
  schemaDocs,
  specOf,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import * as z from "zod/v3";

/** The zod kinds that documents can show and every reader of the contract understands. */
const allowed = [
  "Object",
  "Array",
  "String",
  "Number",
  "Boolean",
  "Enum",
  "Literal",
  "Null",
  "Nullable",
  "Optional",
];

/** A schema and everything in it, each with the path to it. */
function* schemasIn(schema: z.ZodTypeAny, path: string): Generator<{ schema: z.ZodTypeAny; path: string }> {
  yield { schema, path };
  if (schema instanceof z.ZodObject) {
    for (const [name, property] of Object.entries<z.ZodTypeAny>(schema.shape)) {
      yield* schemasIn(property, `${path}.${name}`);
    }
  }
  if (schema instanceof z.ZodArray) yield* schemasIn(schema.element, `${path}[]`);
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    yield* schemasIn(schema.unwrap(), path);
  if (schema instanceof z.ZodEffects) yield* schemasIn(schema.innerType(), path);
}

function forbiddenIn(schema: z.ZodTypeAny, path: string): string[] {
  return [...schemasIn(schema, path)].flatMap(({ schema, path }) => {
    const kind = schema._def.typeName.slice("Zod".length);
    const refinement = schema instanceof z.ZodEffects && schema._def.effect.type === "refinement";
    return refinement || allowed.includes(kind) ? [] : [`${path}: ${kind}`];
  });
}

const allDocs = new Map(schemaDocs());

function docsOf(schema: z.ZodTypeAny): SchemaDocs {
  return allDocs.get(schema) ?? {};
}

const roots = [
  { path: "pathParameters", schema: pathParameters },
  ...operations.flatMap(({ id, request, emits, lawful }) => [
    { path: `${id}.request`, schema: request },
    { path: `${id}.emits.success`, schema: emits.success },
    { path: `${id}.emits.failure`, schema: emits.failure },
    { path: `${id}.lawful.success`, schema: lawful.success },
    { path: `${id}.lawful.failure`, schema: lawful.failure },
  ]),
  { path: "problem", schema: problem },
];
const all = roots.flatMap(({ schema, path }) => [...schemasIn(schema, path)]);
const titled = all.filter(({ schema }) => docsOf(schema).title !== undefined);

describe.each(roots)("$path", ({ path, schema }) => {
  it("is made of the zod kinds that the documents can show", () => {
    expect(forbiddenIn(schema, path)).toEqual([]);
  });
});

it("would notice a kind that the documents can't show", () => {
  const wrong = z.object({
    union: z.array(z.union([z.string(), z.number()])),
    made: z.string().transform(Number),
    any: z.any().nullable(),
  });
  expect(forbiddenIn(wrong, "wrong")).toEqual([
    "wrong.union[]: Union",
    "wrong.made: Effects",
    "wrong.any: Any",
  ]);
});

it("names everything that is sent or answered", () => {
  const names = new Set(titled.map(({ schema }) => docsOf(schema).title));
  expect([...names].sort()).toEqual([
    "ApiError",
    "BalanceFailure",
    "BalanceRequest",
    "BalanceSuccess",
    "IpAddressRecord",
    "ListIpAddressesFailure",
    "ListIpAddressesRequest",
    "ListIpAddressesSuccess",
    "OtherIpAddressList",
    "PriceExtensionByIpAddressRequest",
    "PriceExtensionFailure",
    "PriceExtensionRequest",
    "PriceExtensionSuccess",
    "Problem",
    "ProxyType",
    "RentPeriodsFailure",
    "RentPeriodsRequest",
    "RentPeriodsSuccess",
    "SetAutoExtendByIpAddressRequest",
    "SetAutoExtendFailure",
    "SetAutoExtendRequest",
    "SetAutoExtendSuccess",
  ]);
});

describe.each(titled)("the named schema at $path", ({ schema }) => {
  const docs = docsOf(schema);

  it("has a description, and an example that it takes", () => {
    expect(docs.description).toMatch(/\.$/);
    expect(schema.parse(docs.example)).toEqual(docs.example);
  });
});

it("describes every field", () => {
  const fields = all.filter(({ path }) => /\.\w+$/.test(path) && !roots.some((root) => root.path === path));
  const described = new Set(
    fields.filter(({ schema }) => docsOf(schema).description).map(({ path }) => path),
  );
  expect(fields.length).toBeGreaterThan(20);
  expect(fields.map(({ path }) => path).filter((path) => !described.has(path))).toEqual([]);
});

describe.each(operations)("the path of $id", ({ path }) => {
  it("has the parameters that are described", () => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(inPath).toEqual(Object.keys(pathParameters.shape));
  });
});

describe.each(operations)("the examples of $id", (operation) => {
  const { request, emits } = operation;
  const { examples } = specOf(operation);

  it.each(Object.entries(examples.requests))("for %s keep the contract", (_, example) => {
    expect(request.parse(example.request)).toEqual(example.request);
    expect(emits.success.parse(example.success)).toEqual(example.success);
    const exchange = {
      request: example.request,
      status: 200,
      headers: { "content-type": "application/json" },
      body: { json: example.success },
    };
    expect(checkAnswer(operation, exchange, { redact: createRedactor(), level: "emits" })).toEqual([]);
  });

  it.each<FailureExample>([...examples.failures])(
    "for error $code keep the contract",
    ({ code, failure }) => {
      expect(emits.failure.parse(failure)).toEqual(failure);
      expect(failure).toMatchObject({ success: false, error: { code } });
    },
  );
});
