import {
  formatServerReport,
  runServerCases,
  type ServerReport,
  serverCases,
} from "@auto-extend/contract-tests";
import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokenAnswers } from "./broken-answers.js";
import { brokenIpAddressRules } from "./broken-ip-address-rules.js";
import { brokenRules } from "./broken-rules.js";
import { brokenSuccesses } from "./broken-successes.js";
import { brokenTellings } from "./broken-tellings.js";
import { brokenTransport } from "./broken-transport.js";
import { lawfulServers, silentServers } from "./lawful-servers.js";
import { type Mutation, startMutatingProxy } from "./mutating-proxy.js";

const brokenServers = [
  ...brokenRules,
  ...brokenIpAddressRules,
  ...brokenSuccesses,
  ...brokenTellings,
  ...brokenAnswers,
  ...brokenTransport,
];
/** The ids of the cases that caught each broken server. */
const caught = new Map<string, readonly string[]>();
let mock: MockServer;

beforeAll(async () => {
  mock = await startMockServer({ port: 0 });
});

afterAll(() => mock.close());

describe("the server cases pass a server that", () => {
  for (const [does, mutation] of Object.entries(lawfulServers)) {
    it(does, async () => {
      const report = await reportOn(mutation);
      expect(formatServerReport(report)).toMatch(new RegExp(`\n${serverCases.length} passed\n$`));
    });
  }
});

describe("the server cases leave out those that need what a server does not say, where it", () => {
  for (const [does, mutation] of Object.entries(silentServers)) {
    it(does, async () => {
      const report = await reportOn(mutation);
      const needed = serverCases.filter(({ learns }) => learns === "ipAddressIds").map(({ id }) => id);
      expect(report.cases.filter(({ outcome }) => outcome === "skipped").map(({ id }) => id)).toEqual(needed);
      expect(report).toMatchObject({ failed: 0, contradicted: [] });
    });
  }
});

describe("the server cases catch a server that", () => {
  for (const { does, caughtBy, mutation } of brokenServers) {
    it(does, async () => {
      const report = await reportOn(mutation());
      const failed = report.cases.filter(({ outcome }) => outcome === "failed").map(({ id }) => id);
      caught.set(does, failed);
      expect(failed).toEqual(expect.arrayContaining([...caughtBy]));
    });
  }

  it("breaks any one of their promises: each of them has caught one", () => {
    const useful = new Set([...caught.values()].flat());
    expect(serverCases.map(({ id }) => id).filter((id) => !useful.has(id))).toEqual([]);
  });
});

async function reportOn(mutation: Mutation): Promise<ServerReport> {
  const proxy = await startMutatingProxy(mock.url, mutation);
  try {
    return await runServerCases({ baseUrl: proxy.url, apiKey: "any-key", timeout: 1_000 });
  } finally {
    await proxy.close();
  }
}
