import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { readDocument } from "./document.js";
import { pairsOf } from "./pairs.js";

interface Described {
  operationId: string;
  parameters?: { name?: string; example?: string }[];
  requestBody?: { content: Record<string, { examples: Record<string, { value: unknown }> }> };
}

const examples = Object.entries(readDocument("control-api.json").paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, operation]) => {
    const { operationId, parameters = [], requestBody } = operation as unknown as Described;
    const id = parameters.find(({ name }) => name === "id")?.example ?? "";
    const bodies = Object.entries(
      requestBody?.content["application/json"]?.examples ?? { nothing: { value: undefined } },
    );
    return bodies.map(([name, { value: body }]) => ({
      operationId,
      name,
      method: method.toUpperCase(),
      // Of several accounts, it must be named.
      target: path.replace("{id}", id) + (operationId === "callOperation" ? "?account=default" : ""),
      body,
    }));
  }),
);

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer();
});
afterAll(() => mock.close());

/** A mock that has answered the first example of the API's document, and has a queued fault. */
beforeEach(async () => {
  mock.reset();
  const [{ method, target, body } = expect.unreachable()] = pairsOf(readDocument());
  await send(method, target, body);
  await send("POST", "/__mock/faults", { preset: "slow" });
});

// A stream of events has no end to wait for.
it.each(examples.filter(({ operationId }) => operationId !== "watchEvents"))(
  "$operationId does what its example $name asks for",
  async ({ method, target, body }) => {
    const response = await send(method, target, body);
    expect(Math.floor(response.status / 100), await response.text()).toBe(2);
  },
);

it("the mock serves the document with its own URL", async () => {
  const { servers } = (await (await send("GET", "/__mock/openapi.json", undefined)).json()) as {
    servers: { url: string }[];
  };
  expect(servers.map(({ url }) => url)).toEqual([mock.url]);
});

function send(method: string, target: string, body: unknown): Promise<Response> {
  const json = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return fetch(`${mock.url}${target}`, { method, ...(body === undefined ? {} : json) });
}
