import { type Operation, type OperationRequest, type OperationSpec, specOf } from "@auto-extend/core";
import { defaultWorld, type MockServer, startMockServer } from "@auto-extend/mock-server";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type OpenApiDocument, readDocument } from "./document.js";
import { type Pair, pairsOf } from "./pairs.js";

const document = readDocument();
const pairs = pairsOf(document);

let mock: MockServer;
beforeAll(async () => {
  // The list shows dates, and the examples those of this day.
  mock = await startMockServer({ world: { ...defaultWorld, startsAt: "2030-01-01T00:00:00.000Z" } });
  mock.clock.freeze();
});
afterAll(() => mock.close());

describe("each named example, sent to the default world", () => {
  beforeEach(() => {
    mock.reset();
    mock.clock.freeze();
  });

  it.each(pairs)("$operationId gets the answer $name", async (pair) => {
    expect(await send(mock.url, pair)).toEqual({ status: 200, json: pair.answer });
  });
});

it("the document says which periods the default world sells", () => {
  const sold = defaultWorld.accounts.flatMap(({ rentPeriods }) => Object.values(rentPeriods).flat());
  expect(new Set(sold)).toEqual(new Set([30]));
  expect(JSON.stringify(document.info)).toContain(
    "The mock's default world sells 30 days of each type and nothing else",
  );
});

it("the examples get the same answers one after another, forwards and backwards", async () => {
  for (const order of [pairs, pairs.toReversed()]) {
    mock.reset();
    mock.clock.freeze();
    for (const pair of order) {
      expect(await send(mock.url, pair), pair.name).toEqual({ status: 200, json: pair.answer });
    }
  }
});

it("an answer that no request within its schema gets is the one that the text shows", async () => {
  const shown = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { operationId, description }]) =>
      answersInText(String(description)).map((answer) => ({ path, method, id: String(operationId), answer })),
    ),
  );
  expect(shown.length).toBeGreaterThan(6);
  for (const { path, method, id, answer } of shown) {
    const { rules, examples }: OperationSpec = specOf({ id } as Pick<Operation, "id">);
    const [valid] = Object.values(examples.requests).map(({ request }) => request);
    const { probes } = rules.find(({ code }) => code === answer.error.code) ?? expect.unreachable();
    const request = probes[0]?.request(valid as OperationRequest, {}) as Record<string, string>;
    const isGet = method === "get";
    const pair = {
      method: method.toUpperCase(),
      target: `${path.replace("{apiKey}", "any-key")}${isGet ? `?${new URLSearchParams(request)}` : ""}`,
      body: isGet ? undefined : request,
    };
    mock.reset();
    expect(await send(mock.url, pair), `${id} ${answer.error.code}`).toEqual({ status: 200, json: answer });
  }
});

it("a mock serves the document with its own URL first, and the examples work there", async () => {
  const document = (await (await fetch(`${mock.url}/openapi.json`)).json()) as OpenApiDocument;
  const [first] = document.servers as { url: string }[];
  expect(first?.url).toBe(mock.url);
  const [pair = expect.unreachable()] = pairsOf(document);
  expect(await send(first?.url ?? "", pair)).toEqual({ status: 200, json: pair.answer });
});

async function send(url: string, { method, target, body }: Pick<Pair, "method" | "target" | "body">) {
  const response = await fetch(`${url}${target}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
}

function answersInText(description: string): { error: { code: number } }[] {
  return [...description.matchAll(/```json\n(.*)\n```/g)].map(([, text = ""]) => JSON.parse(text));
}
