import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { load } from "../../src/harness/load.mjs";
import type { Server } from "../../src/harness/programs.mjs";
import { createReport } from "../../src/harness/report.mjs";
import { compareClient, reportClient } from "../../src/speed/client.mjs";
import { measureEngine, reportEngine } from "../../src/speed/engine.mjs";
import { largeWorld } from "../../src/speed/large-world.mjs";
import { loads, prepareServers, usualLoad } from "../../src/speed/servers.mjs";
import { compareUnderLoad, reportLoad } from "../../src/speed/throughput.mjs";

/** The requests whose answers are compared; answers of the list are large. */
const compared = 40;
const list = loads
  .filter(({ name }) => name === "listIpAddresses")
  .map((load) => ({ ...load, requests: load.requests.slice(0, compared) }));
/** The servers of the usual load, which take longer to prepare than to try. */
const usualServers = prepareServers(usualLoad);

describe.each([usualLoad, ...list])("the bare server under the load $name", (measured) => {
  const { requests } = measured;
  let servers: [Server, Server];
  beforeAll(async () => {
    const { bare, mock } = await (measured === usualLoad ? usualServers : prepareServers(measured));
    servers = await Promise.all([bare.start(), mock.start()]);
  });
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  it("answers with the headers and bodies of the mock", async () => {
    for (const { method, path, headers, body } of requests.slice(0, compared)) {
      const [fromBare, fromMock] = await Promise.all(
        servers.map(async ({ url }) => {
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
    }
  });
});

describe("a load", () => {
  it.each(loads)("varies key, input and outcome: $name", ({ requests }) => {
    const share = requests.filter(({ expect }) => expect.endsWith("false")).length / requests.length;
    expect(share).toBe(0.25);
    expect(new Set(requests.map(({ path }) => path)).size).toBeGreaterThan(50);
    const answers = new Set(requests.map(({ path, body }) => path + body));
    expect(answers.size).toBeGreaterThan(requests.length / 8);
  });

  it("ends with an error where an answer is not the expected one", async () => {
    const { bare } = await usualServers;
    const server = await bare.start();
    const requests = usualLoad.requests.map((request) => ({ ...request, expect: "something else" }));
    await expect(load(server, { requests, connections: 2, count: 10 })).rejects.toThrow("Unexpected answer");
    await server.stop();
  });
});

it("compares processor time, throughput, latency and memory of both servers in each round", async () => {
  const { bare, mock } = await usualServers;
  const servers = [bare, mock];
  const results = await compareUnderLoad({
    requests: usualLoad.requests,
    servers,
    rounds: 1,
    seconds: 0.2,
    warmUpRequests: 200,
  });
  const report = createReport(() => {});
  reportLoad(report, usualLoad.name, results, servers);
  expect(report.rows).toHaveLength(17);
  for (const { name, figures } of report.rows) {
    expect(figures, name).toHaveLength(1);
    expect(figures[0], name).toBeGreaterThan(0);
  }
});

it("compares the engine alone with parsing and stringifying", () => {
  const { requests } = usualLoad;
  const results = measureEngine({ requests, rounds: 2, count: 200 });
  const report = createReport(() => {});
  reportEngine(report, usualLoad.name, results);
  expect(report.rows.map(({ name, figures }) => [name, figures.length])).toEqual([
    ["setAutoExtend: us in the engine alone", 2],
    ["setAutoExtend: engine alone, as a multiple of its JSON", 2],
  ]);
  for (const { engine, json } of results) expect(engine).toBeGreaterThan(json);
});

it("compares the client with fetch by hand, and its method for many orders", async () => {
  const results = await compareClient({ rounds: 1, calls: 100, inFlight: 5 });
  const report = createReport(() => {});
  reportClient(report, 5, results);
  expect(report.rows).toHaveLength(5);
  for (const { name, figures } of report.rows) expect(figures[0], name).toBeGreaterThan(0);
});

it("times a large world: how long it takes to load, and to let a year pass", async () => {
  const { loading, year } = await largeWorld({ orders: 100, addresses: 500, rounds: 2 });
  expect([...loading, ...year].every((time) => time > 0)).toBe(true);
  expect([loading.length, year.length]).toEqual([2, 2]);
});
