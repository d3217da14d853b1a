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
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import * as z from "zod/v3";
import { openApiDocument } from "../scripts/openapi/document.mjs";
import { createComponents } from "../scripts/openapi/schemas.mjs";

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

  it("names the provider first, then the mock server", () => {
    expect(document.servers.map(({ url }: { url: string }) => url)).toEqual([
      servers.live.url,
      servers.mock.url,
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
      const says = ["$ref", "type", "enum", "oneOf"].some((keyword) => keyword in object);
      expect(says, pointer).toBe(true);
    }
  });

  it("closes the answers, and leaves the request open", () => {
    expect(schemas.SetAutoExtendSuccess?.additionalProperties).toBe(false);
    expect(schemas.SetAutoExtendFailure?.additionalProperties).toBe(false);
    expect(schemas.SetAutoExtendRequest).not.toHaveProperty("additionalProperties");
  });

  it("writes null as a nullable string whose one value is null, and a nullable value as nullable", () => {
    expect(schemas.SetAutoExtendFailure?.properties).toMatchObject({
      proxyType: { enum: [null] },
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
  it("has the API key in its path, without an example that a page would send", () => {
    expect(operation.parameters).toMatchObject([{ name: "apiKey", in: "path", required: true }]);
    expect(JSON.stringify(operation.parameters)).not.toContain("example");
  });

  it("has a request and a success for each proxy type, and a failure for each error that concerns it", () => {
    expect(Object.keys(operation.requestBody.content["application/json"].examples)).toEqual([...proxyTypes]);
    expect(Object.keys(examples)).toEqual([
      ...proxyTypes,
      ...errorCodes.filter(({ concernsAutoExtend }) => concernsAutoExtend).map(({ code }) => `error-${code}`),
    ]);
  });

  it("shows the documented success and failure as they are", () => {
    expect(examples.IPv4.value).toEqual(specOf(setAutoExtend).examples.requests.IPv4.success);
    expect(examples["error-4"].value).toEqual(specOf(setAutoExtend).examples.failure);
  });

  it("says how sure each error is, and where the wording is ours", () => {
    expect(examples["error-4"]["x-evidence"].grade).toBe("reference");
    expect(examples["error-11"]["x-evidence"].grade).toBe("observed");
    expect(examples["error-11"].description).toContain("wording is not public");
    expect(examples["error-4"].description).not.toContain("wording is not public");
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
  const { id, method, path, request } = described as Operation;
  const { examples: shown }: OperationSpec = specOf(described);
  const told = document.paths[path][method.toLowerCase()];

  it("is there, with a success for each example and a failure for each error of its rules", () => {
    expect(told.operationId).toBe(id);
    expect(Object.keys(told.responses[200].content["application/json"].examples)).toEqual([
      ...Object.keys(shown.requests),
      ...shown.failures.map(({ code }) => `error-${code}`),
    ]);
  });

  it("takes a body where it is a POST, and a query where it is a GET", () => {
    const inQuery = told.parameters.filter((parameter: { in: string }) => parameter.in === "query");
    if (method === "POST") {
      expect(inQuery).toEqual([]);
      expect(told.requestBody.required).toBe(true);
    } else {
      expect(told).not.toHaveProperty("requestBody");
      expect(inQuery.map(({ name }: { name: string }) => name)).toEqual(Object.keys(request.shape));
      expect(Object.keys(told.responses)).toEqual(["200", "404", "405"]);
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
      oneOf: [reference, { enum: [null] }],
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
