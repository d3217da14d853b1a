import { defaultWorld, startMockServer } from "@auto-extend/mock-server";
import newman, { type Execution } from "newman";
import { convert } from "openapi-to-postmanv2";
import { expect, it } from "vitest";
import type { OpenApiDocument } from "../document.js";
import { pairsOf } from "../pairs.js";

it("a Postman collection, made from the document that a mock serves, runs against that mock", async () => {
  const mock = await startMockServer({ world: { ...defaultWorld, startsAt: "2030-01-01T00:00:00.000Z" } });
  mock.clock.freeze();
  try {
    const document = (await (await fetch(`${mock.url}/openapi.json`)).json()) as OpenApiDocument;
    const executions = await run(await collectionOf(document));
    // A collection has the first example of each operation.
    const pairs = pairsOf(document);
    const first = pairs.filter(
      ({ operationId }, index) => pairs.findIndex((pair) => pair.operationId === operationId) === index,
    );
    // It has them in an order of its own.
    const got = executions.map(({ request, response }) => [request.url.toString(), response.json()]);
    expect(got).toHaveLength(first.length);
    expect(Object.fromEntries(got)).toEqual(
      Object.fromEntries(first.map(({ target, answer }) => [`${mock.url}${target}`, answer])),
    );
  } finally {
    await mock.close();
  }
});

function collectionOf(document: OpenApiDocument): Promise<object> {
  return new Promise((resolve, reject) => {
    convert(
      { type: "json", data: document },
      { requestParametersResolution: "Example", exampleParametersResolution: "Example" },
      (error, result) => {
        const collection = result?.output?.[0]?.data;
        if (collection) resolve(collection);
        else reject(error ?? new Error(result?.reason));
      },
    );
  });
}

function run(collection: object): Promise<Execution[]> {
  return new Promise((resolve, reject) => {
    newman.run({ collection, reporters: [] }, (error, summary) => {
      if (error) reject(error);
      else resolve(summary.run.executions);
    });
  });
}
