import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { load } from "../../src/harness/load.mjs";
import type { Server } from "../../src/harness/programs.mjs";
import { createReport } from "../../src/harness/report.mjs";
import { largeWorld } from "../../src/speed/large-world.mjs";
import { prepareServers, requests, successMark, usualRequest } from "../../src/speed/servers.mjs";
import { compareUnderLoad, reportLoad } from "../../src/speed/throughput.mjs";

const { bare, mock } = await prepareServers();

describe("the bare server", () => {
  let servers: [Server, Server];
  beforeAll(async () => {
    servers = await Promise.all([bare.start(), mock.start()]);
  });
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  it.each(requests)("answers $name with the headers and body of the mock", async ({ method, path, body }) => {
    const [fromBare, fromMock] = await Promise.all(
      servers.map(async ({ url }) => {
        const headers = { "content-type": "application/json" };
        const answer = await fetch(new URL(path, url), { method, headers, ...(body ? { body } : {}) });
        // These differ from answer to answer.
        const { date, "mock-request-id": id, ...same } = Object.fromEntries(answer.headers);
        return {
          status: answer.status,
          hasId: id !== undefined,
          headers: same,
          length: (await answer.text()).length,
        };
      }),
    );
    expect(fromBare).toEqual(fromMock);
  });

  it("does not count a refusal as a fast answer", async () => {
    const options = { expect: successMark, connections: 2, requests: 10 };
    const refused = usualRequest.text.replace("bench-key", "other-key");
    await expect(load(servers[0], { ...options, request: refused })).rejects.toThrow("HTTP 404");
  });
});

it("compares processor time, throughput, latency and memory of both servers in each round", async () => {
  const results = await compareUnderLoad({
    request: usualRequest,
    servers: { bare, mock },
    rounds: 2,
    seconds: 0.2,
    warmUpRequests: 200,
  });
  const report = createReport(() => {});
  reportLoad(report, usualRequest.name, results);
  expect(report.rows).toHaveLength(16);
  for (const { name, figures } of report.rows) {
    expect(figures, name).toHaveLength(2);
    for (const figure of figures) expect(figure, name).toBeGreaterThan(0);
  }
});

it("times a large world: how long it takes to load, and to let a year pass", async () => {
  const { loading, year } = await largeWorld({ orders: 100, addresses: 500, rounds: 2 });
  expect([...loading, ...year].every((time) => time > 0)).toBe(true);
  expect([loading.length, year.length]).toEqual([2, 2]);
});
