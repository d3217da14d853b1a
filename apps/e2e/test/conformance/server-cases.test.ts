import {
  formatServerReport,
  runServerCases,
  type ServerReport,
  serverCases,
} from "@auto-extend/contract-tests";
import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokenAnswers } from "./broken-answers.js";
import { brokenRules } from "./broken-rules.js";
import { brokenSuccesses } from "./broken-successes.js";
import { brokenTransport } from "./broken-transport.js";
import { lawfulServers } from "./lawful-servers.js";
import { type Mutation, startMutatingProxy } from "./mutating-proxy.js";

const brokenServers = [...brokenRules, ...brokenSuccesses, ...brokenAnswers, ...brokenTransport];
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

describe("the server cases catch a server that", () => {
  for (const { does, caughtBy, mutation } of brokenServers) {
    it(does, async () => {
      const report = await reportOn(mutation());
      const failed = report.cases.filter(({ outcome }) => outcome === "failed").map(({ id }) => id);
      caught.set(does, failed);
      expect(failed).toContain(caughtBy);
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
