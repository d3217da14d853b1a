import {
  checkAnswer,
  createRedactor,
  type FailureExample,
  operations,
  pathParameters,
  problem,
  type SchemaDocs,
  specOf,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import * as z from "zod/v3";
import { freshContract } from "../support/fresh.js";

type Contract = Awaited<ReturnType<typeof freshContract>>;

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

const roots = rootsOf({ operations, specOf, pathParameters, problem });

function rootsOf({
  operations,
  specOf,
  pathParameters,
  problem,
}: Pick<Contract, "operations" | "specOf" | "pathParameters" | "problem">) {
  return [
    { path: "pathParameters", schema: pathParameters },
    ...operations.flatMap((operation) => {
      const { id, request, lawful } = operation;
      const { emits } = specOf(operation);
      return [
        { path: `${id}.request`, schema: request },
        { path: `${id}.emits.success`, schema: emits.success },
        { path: `${id}.emits.failure`, schema: emits.failure },
        { path: `${id}.lawful.success`, schema: lawful.success },
        { path: `${id}.lawful.failure`, schema: lawful.failure },
      ];
    }),
    { path: "problem", schema: problem },
  ];
}

/** Every schema, with its texts. */
async function documentedSchemas() {
  const contract = await freshContract();
  const docs = new Map<z.ZodTypeAny, SchemaDocs>(contract.schemaDocs());
  const all = rootsOf(contract).flatMap(({ schema, path }) => [...schemasIn(schema, path)]);
  return all.map((each) => ({ ...each, docs: docs.get(each.schema) ?? {} }));
}

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

it("names everything that is sent or answered", async () => {
  const all = await documentedSchemas();
  const names = new Set(all.flatMap(({ docs }) => docs.title ?? []));
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

it("gives each named schema a description, and an example that it takes", async () => {
  const named = (await documentedSchemas()).filter(({ docs }) => docs.title !== undefined);
  expect(named.length).toBeGreaterThan(50);
  for (const { schema, path, docs } of named) {
    expect(docs.description, path).toMatch(/\.$/);
    expect(schema.parse(docs.example), path).toEqual(docs.example);
  }
});

it("describes every field", async () => {
  const all = await documentedSchemas();
  const paths = roots.map(({ path }) => path);
  const fields = all.filter(({ path }) => /\.\w+$/.test(path) && !paths.includes(path));
  const described = fields.filter(({ docs }) => docs.description).map(({ path }) => path);
  expect(fields.length).toBeGreaterThan(200);
  expect(fields.map(({ path }) => path).filter((path) => !described.includes(path))).toEqual([]);
});

it("says the same of a field wherever it stands, and its own of those that differ", async () => {
  const all = await documentedSchemas();
  const textOf = (end: string) => [
    ...new Set(
      all.flatMap(({ path, docs }) => (path.endsWith(end) && docs.description ? [docs.description] : [])),
    ),
  ];
  expect(textOf("emits.failure.quantity")).toEqual(["Null, 0 or empty in a failure: nothing was switched."]);
  expect(textOf("emits.success.currencyCode")).toEqual([
    "The currency of the balance. Other operations call it `currency`.",
  ]);
  expect(textOf("setAutoExtend.emits.failure.balance")).toEqual([
    "The balance; null if the API key is unknown.",
    "The balance of the account.",
  ]);
  expect(textOf(".error.code")).toEqual([
    "The number of the error. The public lists of codes are incomplete.",
  ]);
  expect(textOf("listIpAddresses.request.proxyType")).toEqual([
    "Lists only the IP addresses of this proxy type (default: all).",
    "The type of the proxies. One request is about one type.",
  ]);
});

describe.each(operations)("the path of $id", ({ path }) => {
  it("has the parameters that are described", () => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(inPath).toEqual(Object.keys(pathParameters.shape));
  });
});

describe.each(operations)("the examples of $id", (operation) => {
  const { request } = operation;
  const { emits, examples } = specOf(operation);
  const findings = (sent: unknown, answer: unknown) => {
    const headers = { "content-type": "application/json" };
    const exchange = { request: sent, status: 200, headers, body: { json: answer } };
    return checkAnswer(operation, exchange, { redact: createRedactor(), level: "lawful", emits });
  };

  it.each(Object.entries(examples.requests))("for %s keep the contract", (_, example) => {
    expect(request.parse(example.request)).toEqual(example.request);
    expect(emits.success.parse(example.success)).toEqual(example.success);
    expect(findings(example.request, example.success)).toEqual([]);
  });

  it.each<FailureExample>([...examples.failures])(
    "for error $code keep the contract",
    ({ code, failure }) => {
      expect(emits.failure.parse(failure)).toEqual(failure);
      expect(failure).toMatchObject({ success: false, error: { code } });
      expect(findings({}, failure)).toEqual([]);
    },
  );
});
