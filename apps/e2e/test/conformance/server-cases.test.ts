import {
  formatServerReport,
  runServerCases,
  type ServerReport,
  serverCases,
} from "@auto-extend/contract-tests";
import { createMockFetch } from "@auto-extend/mock-server";
import { describe, expect, it } from "vitest";
import { brokenAnswers } from "./broken-answers.js";
import { brokenIpAddressRules } from "./broken-ip-address-rules.js";
import { brokenRules } from "./broken-rules.js";
import { brokenSuccesses } from "./broken-successes.js";
import { brokenTellings } from "./broken-tellings.js";
import { brokenTransport } from "./broken-transport.js";
import { framedByHttp, lawfulServers, silentServers } from "./lawful-servers.js";
import { type Mutation, mutatingFetch, startMutatingProxy } from "./mutating-proxy.js";

const brokenServers = [
  ...brokenRules,
  ...brokenIpAddressRules,
  ...brokenSuccesses,
  ...brokenTellings,
  ...brokenAnswers,
  ...brokenTransport,
];
const mock = createMockFetch();
/** The ids of the cases that were seen to catch a broken server. */
const useful = new Set<string>();

describe("the server cases pass a server that", () => {
  for (const [does, mutation] of Object.entries(lawfulServers)) {
    it(does, async () => {
      const report = await (framedByHttp.has(does) ? reportOverSocket : reportOn)(mutation);
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
    const run = brokenTransport.some((broken) => broken.does === does) ? reportOverSocket : reportOn;
    it(does, async () => {
      // The other cases prove nothing here. But some of these need what others find out: then all are run.
      const alone = await Promise.all(caughtBy.filter(isCase).map((id) => run(mutation(), id)));
      const found = alone.flatMap(failedIn);
      const failed = caughtBy.every((id) => found.includes(id)) ? found : failedIn(await run(mutation()));
      expect(failed).toEqual(expect.arrayContaining([...caughtBy]));
      for (const id of failed) useful.add(id);
    });
  }

  it("breaks any one of their promises: each of them has caught one", () => {
    expect(serverCases.map(({ id }) => id).filter((id) => !useful.has(id))).toEqual([]);
  });
});

/** Whether an id is that of a case rather than of the check of the orders, which precedes them. */
function isCase(id: string): boolean {
  return serverCases.some((serverCase) => serverCase.id === id);
}

function failedIn({ cases }: ServerReport): string[] {
  return cases.filter(({ outcome }) => outcome === "failed").map(({ id }) => id);
}

function reportOn(mutation: Mutation, only = ""): Promise<ServerReport> {
  const target = { baseUrl: "http://127.0.0.1", apiKey: "any-key", timeout: 1_000 };
  return runServerCases({ ...target, only, fetch: mutatingFetch(mock, mutation) });
}

async function reportOverSocket(mutation: Mutation, only = ""): Promise<ServerReport> {
  const proxy = await startMutatingProxy(mock, mutation);
  try {
    return await runServerCases({ baseUrl: proxy.url, apiKey: "any-key", timeout: 1_000, only });
  } finally {
    await proxy.close();
  }
}
