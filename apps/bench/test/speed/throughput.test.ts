import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { load } from "../../src/harness/load.mjs";
import type { Server } from "../../src/harness/programs.mjs";
import { createReport } from "../../src/harness/report.mjs";
import { measure as measureClient } from "../../src/speed/client.mjs";
import { measure as measureLargeWorld } from "../../src/speed/large-world.mjs";
import { measureModules } from "../../src/speed/modules.mjs";
import { loads, prepareServers, usualLoad } from "../../src/speed/servers.mjs";
import { measure as measureLoads } from "../../src/speed/throughput.mjs";

/** For all of a load, the servers take longer to prepare than to try. */
const beginOf = (load: typeof usualLoad) => ({ ...load, requests: load.requests.slice(0, 40) });
const usual = beginOf(usualLoad);
const list = loads.filter(({ name }) => name === "listIpAddresses").map(beginOf);
const usualServers = prepareServers(usual);

describe.each([usual, ...list])("the bare server under the load $name", (measured) => {
  const { requests } = measured;
  let servers: [Server, Server];
  beforeAll(async () => {
    const { bare, mock } = await (measured === usual ? usualServers : prepareServers(measured));
    servers = await Promise.all([bare.start(), mock.start()]);
  });
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  it("answers with the headers and bodies of the mock", async () => {
    for (const { method, path, headers, body } of requests) {
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
  it.each(loads.filter(({ name }) => name !== "plain"))(
    "varies key, input and outcome: $name",
    ({ requests }) => {
      const share = requests.filter(({ expect }) => expect.endsWith("false")).length / requests.length;
      expect(share).toBe(0.25);
      expect(new Set(requests.map(({ path }) => path)).size).toBeGreaterThan(50);
      const answers = new Set(requests.map(({ path, body }) => path + body));
      expect(answers.size).toBeGreaterThan(requests.length / 8);
    },
  );

  it("ends with an error where an answer is not the expected one", async () => {
    const { bare } = await usualServers;
    const server = await bare.start();
    const requests = usual.requests.map((request) => ({ ...request, expect: "something else" }));
    await expect(load(server, { requests, connections: 2, count: 10 })).rejects.toThrow("Unexpected answer");
    await server.stop();
  });
});

/** The report of a part, whose figures are all above 0. */
async function reported(measure: (report: ReturnType<typeof createReport>) => Promise<void>) {
  const report = createReport(() => {});
  await measure(report);
  for (const { name, figures } of report.rows) {
    for (const figure of figures) expect(figure, name).toBeGreaterThan(0);
  }
  return report;
}

it("compares processor time, throughput, latency, memory and engine of both servers in each round", async () => {
  const options = { loads: [usual], rounds: 2, seconds: 0.2, warmUpRequests: 200 };
  const { rows } = await reported((report) => measureLoads(report, options));
  expect(rows.map(({ name, figures }) => [name, figures.length])).toEqual(
    Array.from({ length: 7 }, () => ["`setAutoExtend`", 2]),
  );
});

it("compares the client with fetch by hand, and its method for many orders", async () => {
  const { rows } = await reported((report) => measureClient(report, { rounds: 1, seconds: 0.025 }));
  expect(rows.map(({ name }) => name)).toHaveLength(12);
});

it("times a large world: loading, a year, single calls, and a request beside a list", async () => {
  const size = { orders: 100, addresses: 500, rounds: 2 };
  const { rows } = await reported((report) => measureLargeWorld(report, size));
  expect(rows.map(({ figures }) => figures.length)).toEqual([2, 2, 2, 2]);
});

it("says what each part of the mock costs until it is ready", async () => {
  const { rows } = await reported((report) => measureModules(report, { rounds: 1 }));
  const parts = rows.map(({ name }) => name);
  const some = ["Node, and reading the program", "zod", "the mock: control-api/", "express"];
  expect(parts).toEqual(expect.arrayContaining(some));
});
