import { extendApi as documented } from "@anatine/zod-openapi";
import {
  allStatements,
  errorCodes,
  getRentPeriods,
  listIpAddresses,
  type Operation,
  type OperationSpec,
  operations,
  problemMediaType,
  proxyTypes,
  servers,
  setAutoExtend,
  specOf,
  transportErrors,
  unknownApiKey,
} from "@auto-extend/core";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import * as z from "zod/v3";
import { openApiDocument } from "../scripts/openapi/document.mjs";
import { createComponents } from "../scripts/openapi/schemas.mjs";
import { arbitraryOf } from "./support/arbitrary.js";
import { fc } from "./support/fuzz.js";

type Json = Record<string, unknown>;

// As its readers get it.
const document = JSON.parse(JSON.stringify(openApiDocument()));
const operation = document.paths[setAutoExtend.path].post;
const schemas: Record<string, Record<string, unknown>> = document.components.schemas;
const examples = operation.responses[200].content["application/json"].examples;

/** Every object in a JSON value, with the pointer to it. */
function* objectsIn(
  value: unknown,
  pointer = "#",
): Generator<{ pointer: string; object: Record<string, unknown> }> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield { pointer, object: value as Record<string, unknown> };
  for (const [name, item] of Object.entries(value)) {
    yield* objectsIn(item, `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  }
}

const references = [...objectsIn(document)].flatMap(({ object }) =>
  typeof object.$ref === "string" ? [object.$ref] : [],
);

describe("the document", () => {
  it("is the same each time", () => {
    expect(JSON.stringify(openApiDocument())).toBe(JSON.stringify(document));
  });

  it("is OpenAPI 3.0 with a version of the contract's own", () => {
    expect(document.openapi).toBe("3.0.3");
    expect(document.info.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it("names the mock server first, and the provider last: tools call the first one", () => {
    expect(document.servers.map(({ url }: { url: string }) => url)).toEqual([
      servers.mock.url,
      servers.live.url,
    ]);
  });

  it("has no reference that leads nowhere, and no component that nobody refers to", () => {
    const pointers = new Set([...objectsIn(document)].map(({ pointer }) => pointer));
    expect(references.filter((reference) => !pointers.has(reference))).toEqual([]);
    const named = Object.keys(schemas).map((name) => `#/components/schemas/${name}`);
    expect([...new Set(references)].sort()).toEqual(named);
  });

  it("has nothing beside a reference", () => {
    for (const { object, pointer } of objectsIn(document)) {
      if ("$ref" in object) expect(Object.keys(object), pointer).toEqual(["$ref"]);
    }
  });

  it("has no schema that takes everything", () => {
    const places = [...objectsIn(document)].filter(({ pointer }) =>
      /\/(schema|items|properties\/[^/]+|schemas\/[^/]+|oneOf\/\d+)$/.test(pointer),
    );
    expect(places.length).toBeGreaterThan(20);
    for (const { pointer, object } of places) {
      const says = ["$ref", "type", "oneOf"].some((keyword) => keyword in object);
      expect(says, pointer).toBe(true);
    }
  });

  it("leaves the answers and the requests open for more fields", () => {
    const named = [...objectsIn(document)].filter(({ object }) => "additionalProperties" in object);
    // Nothing public says what else is in these.
    expect(named.map(({ pointer }) => pointer)).toEqual([
      "#/components/schemas/ListIpAddressesFailure",
      "#/components/schemas/OtherIpAddressList",
    ]);
    for (const { object } of named) expect(object.additionalProperties).toBe(true);
  });

  it("writes null as a nullable string without characters, and a nullable value as nullable", () => {
    expect(schemas.SetAutoExtendFailure?.properties).toMatchObject({
      proxyType: { type: "string", nullable: true, maxLength: 0 },
      balance: { type: "number", nullable: true },
    });
  });

  it("keeps the catalogue of error codes and the grades beside the paths", () => {
    expect(document["x-error-codes"]).toEqual(errorCodes);
    expect(Object.keys(document["x-evidence-grades"])).toEqual([
      "reference",
      "sibling",
      "observed",
      "assumed",
    ]);
  });
});

describe("the operation", () => {
  it("has the API key in its path, with a key that an example needs to be refused", () => {
    expect(operation.parameters).toMatchObject([{ name: "apiKey", in: "path", required: true }]);
    const [{ examples: keys }] = operation.parameters;
    expect(keys["error-2"].value).toBe(unknownApiKey);
    expect(keys.IPv4.value).not.toBe(unknownApiKey);
  });

  it("has an example for each proxy type, and for each error that a request within its schema can get", () => {
    expect(Object.keys(examples)).toEqual([...proxyTypes, "error-2", "error-29", "error-11"]);
  });

  it("shows the documented success and failure as they are", () => {
    const { requests, failure } = specOf(setAutoExtend).examples;
    expect(examples.IPv4.value).toEqual(requests.IPv4.success);
    expect(schemas.SetAutoExtendFailure?.example).toEqual(failure);
    expect(operation.description).toContain(JSON.stringify(failure));
  });

  it("switches nothing on in the example of an error", () => {
    const sent = operation.requestBody.content["application/json"].examples;
    for (const name of ["error-2", "error-29", "error-11"]) expect(sent[name].value.autoExtend).toBe(false);
  });

  it("says how sure each error is, and where the wording is ours", () => {
    expect(examples["error-29"]["x-evidence"].grade).toBe("sibling");
    expect(examples["error-11"]["x-evidence"].grade).toBe("observed");
    expect(examples["error-11"].description).toContain("wording is not public");
    expect(examples["error-29"].description).not.toContain("wording is not public");
    expect(document.info.description).toContain(
      "| 11 | not public; the mock says `Incorrect rental period` |",
    );
    expect(document.info.description).toContain("| 29 | `Incorrect orderIds` |");
  });

  it("knows one form of the list, allows any other, and never takes an answer for both", () => {
    const { oneOf } =
      document.paths[listIpAddresses.path].get.responses[200].content["application/json"].schema;
    const [known, other] = ["ListIpAddressesSuccess", "OtherIpAddressList", "ListIpAddressesFailure"].map(
      (name) => ({ $ref: `#/components/schemas/${name}` }),
    );
    expect(oneOf.slice(0, 2)).toEqual([known, other]);
    expect(schemas.OtherIpAddressList?.not).toEqual(known);
  });

  it("answers a success or a failure, by reference", () => {
    expect(operation.responses[200].content["application/json"].schema).toEqual({
      oneOf: [
        { $ref: "#/components/schemas/SetAutoExtendSuccess" },
        { $ref: "#/components/schemas/SetAutoExtendFailure" },
      ],
    });
  });

  it.each(Object.values(transportErrors))("answers $status with a problem document", (error) => {
    const response = operation.responses[error.status];
    expect(response.description).toBe(error.detail);
    expect(response.content[problemMediaType].example).toMatchObject({
      status: error.status,
      title: error.title,
    });
    expect(response["x-evidence"]).toEqual({ grade: error.grade, source: error.source });
  });

  it("names the method that is allowed where another was used", () => {
    expect(operation.responses[405].headers.Allow.example).toBe("POST");
  });

  it("carries its statements and rules with their grades", () => {
    const ids = allStatements().map(({ id }) => id);
    const carried = [...operation["x-statements"], ...operation["x-rules"]];
    expect(carried).toHaveLength(
      specOf(setAutoExtend).statements.length + specOf(setAutoExtend).rules.length,
    );
    for (const { id, grade } of carried) {
      expect(ids).toContain(id);
      expect(operation.description, id).toContain(`(${grade})`);
    }
  });
});

describe.each(operations)("the operation $id", (described) => {
  const { id, method, path, changes, request, lawful } = described as Operation;
  const { emits, examples: shown, rules }: OperationSpec = specOf(described);
  const written = document.paths[path][method.toLowerCase()];

  const answers = written.responses[200].content["application/json"].examples;

  it("has a success for each example, and each error of its rules among the examples or in words", () => {
    expect(written.operationId).toBe(id);
    const names = Object.keys(answers);
    expect(names.slice(0, Object.keys(shown.requests).length).sort()).toEqual(
      Object.keys(shown.requests).sort(),
    );
    for (const { code } of rules) {
      const isInWords = written.description.includes(`no example of error ${code},`);
      expect(isInWords, `error ${code}`).toBe(!names.includes(`error-${code}`));
    }
  });

  it("has a whole request by the name of each answer, and no other", () => {
    const body = written.requestBody?.content["application/json"].examples;
    for (const name of Object.keys(answers)) {
      const query: Record<string, unknown> = {};
      for (const parameter of written.parameters) {
        if (name in parameter.examples) query[parameter.name] = parameter.examples[name].value;
      }
      const { apiKey, ...rest } = query;
      expect(apiKey, name).toBeTypeOf("string");
      const sent = body ? body[name]?.value : rest;
      expect(request.parse(sent), name).toEqual(sent);
    }
    for (const examples of [body, ...written.parameters.map((each: Json) => each.examples)]) {
      expect(Object.keys(answers)).toEqual(expect.arrayContaining(Object.keys(examples ?? {})));
    }
  });

  it("has every part of a request in its first example, and a key that only operations of its kind use", () => {
    const keys = written.parameters.flatMap((each: Json) => Object.values(each.examples as object)[0].value);
    const [name = ""] = Object.keys(answers);
    for (const { examples } of written.parameters) expect(Object.keys(examples)[0]).toBe(name);
    expect(keys[0]).toBe(changes ? "example-switching-key" : "example-api-key");
  });

  it("allows every lawful answer, whatever else is in it", () => {
    const fits = validatorOf(written.responses[200].content["application/json"].schema);
    const either = fc.oneof(arbitraryOf(lawful.success), arbitraryOf(lawful.failure));
    fc.assert(
      fc.property(either, (answer) => {
        expect(fits(answer), JSON.stringify(fits.errors)).toBe(true);
      }),
    );
  });

  it.each(Object.entries<{ value: Json }>(answers))(
    "refuses the answer %s with any field missing, or of another kind",
    (_, { value }) => {
      const fits = validatorOf(written.responses[200].content["application/json"].schema);
      expect(fits(value), JSON.stringify(fits.errors)).toBe(true);
      for (const field of requiredIn(emits[value.success ? "success" : "failure"])) {
        const { [field]: given, ...rest } = value;
        const isLawful = (json: unknown) =>
          [lawful.success, lawful.failure].some((schema) => schema.safeParse(json).success);
        const changed = [rest, ...others(given).map((other) => ({ ...rest, [field]: other }))];
        for (const each of changed) expect(fits(each), JSON.stringify(each)).toBe(isLawful(each));
      }
    },
  );

  it("takes a body where it is a POST, and a query where it is a GET", () => {
    const inQuery = written.parameters.filter((parameter: { in: string }) => parameter.in === "query");
    if (method === "POST") {
      expect(inQuery).toEqual([]);
      expect(written.requestBody.required).toBe(true);
    } else {
      expect(written).not.toHaveProperty("requestBody");
      expect(inQuery.map(({ name }: { name: string }) => name)).toEqual(Object.keys(request.shape));
      expect(Object.keys(written.responses)).toEqual(["200", "404", "405"]);
    }
  });
});

it("requires the proxy type of rental periods, and not that of a list", () => {
  const required = (path: string) =>
    document.paths[path].get.parameters.map((parameter: { name: string; required: boolean }) => [
      parameter.name,
      parameter.required,
    ]);
  expect(required(getRentPeriods.path)).toContainEqual(["proxyType", true]);
  expect(required(listIpAddresses.path)).toContainEqual(["proxyType", false]);
});

describe("a schema with a title", () => {
  const name = documented(z.string(), { title: "Name", description: "A name." });
  const reference = { $ref: "#/components/schemas/Name" };

  it("is written once, and referred to wherever it stands", () => {
    const { refer, schemas } = createComponents();
    const list = z.object({ all: z.array(name), byId: z.record(name), either: z.union([name, z.number()]) });
    expect(refer(list)).toMatchObject({
      properties: {
        all: { items: reference },
        byId: { additionalProperties: reference },
        either: { oneOf: [reference, { type: "number" }] },
      },
    });
    expect(schemas()).toEqual({ Name: { type: "string", title: "Name", description: "A name." } });
  });

  it("keeps what only one place says of it", () => {
    const { refer, schemas } = createComponents();
    expect(refer(name)).toEqual(reference);
    expect(refer(documented(name.nullable(), { description: "Or none." }))).toEqual({
      type: "string",
      nullable: true,
      title: "Name",
      description: "Or none.",
    });
    expect(refer(documented(name, { description: "Another." }))).toEqual({
      allOf: [reference],
      description: "Another.",
    });
    expect(schemas()).toEqual({ Name: { type: "string", title: "Name", description: "A name." } });
  });

  it("can get its title from a list of names", () => {
    const plain = z.string();
    const { refer, schemas } = createComponents({ Plain: plain, Unused: z.number() });
    expect(refer(z.object({ plain: plain.optional() }))).toEqual({
      type: "object",
      properties: { plain: { $ref: "#/components/schemas/Plain" } },
    });
    expect(schemas()).toEqual({ Plain: { type: "string", title: "Plain" } });
  });

  it("is refused where two different schemas have it", () => {
    const { refer } = createComponents();
    refer(documented(z.string(), { title: "Name" }));
    expect(refer(documented(z.string(), { title: "Name" }))).toEqual(reference);
    expect(() => refer(documented(z.number(), { title: "Name" }))).toThrow(/titled Name/);
  });
});

/** Checks values against a schema of the document. */
function validatorOf(schema: object) {
  return new Ajv({ strict: false }).compile({ ...schema, components: document.components });
}

/** The fields that an emitted answer always has. */
function requiredIn(schema: z.AnyZodObject): string[] {
  return Object.entries<z.ZodTypeAny>(schema.shape).flatMap(([name, field]) =>
    field.isOptional() ? [] : [name],
  );
}

/** Values of every JSON type but that of the given one. */
function others(given: unknown): unknown[] {
  const kindOf = (value: unknown) =>
    value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  const all = [null, true, false, -1.5, "wrong", [-1.5], ["wrong"], { code: "wrong" }, {}];
  return all.filter((other) => kindOf(other) !== kindOf(given));
}
