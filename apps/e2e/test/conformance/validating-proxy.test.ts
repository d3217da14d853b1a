import { runServerCases } from "@auto-extend/contract-tests";
import { createMockFetch, type LogEntry, startMockServer } from "@auto-extend/mock-server";
import { describe, expect, it } from "vitest";
import { brokenAnswers } from "./broken-answers.js";
import { brokenRules } from "./broken-rules.js";
import { brokenTransport } from "./broken-transport.js";
import { lawfulServers, silentServers } from "./lawful-servers.js";
import { type Mutation, startMutatingProxy } from "./mutating-proxy.js";

const brokenServers = [...brokenAnswers, ...brokenTransport, ...brokenRules].filter(
  // The proxy would wait for a minute: its own tests, which can set that time, show what comes then.
  ({ does }) => does !== "never answers for ISP",
);

/** What no single exchange shows. */
const unseen = new Set([
  // It takes the account's state.
  "takes any API key",
  "does not look at the type of an order",
  "looks at the rental period before the orders",
  "sells any period",
  // It takes an earlier answer.
  "has new ids each time",
  // It is about a path that the contract does not know, or not about the operation.
  "does not look at the end of a path",
  "has a page for what it has not",
  "calls its problems JSON",
  "has another status in its problems",
  "does not say what the problem is",
]);

const mock = createMockFetch();

describe("the validating proxy tells of a server that", () => {
  for (const { does, caughtBy, mutation } of brokenServers) {
    if (unseen.has(does)) continue;
    it(does, async () => {
      const drifting = (await logOf(mutation(), caughtBy[0])).filter(isTold);
      expect(drifting.length).toBeGreaterThan(0);
    });
  }
});

describe("the validating proxy can't see that a server", () => {
  for (const { does, caughtBy, mutation } of brokenServers) {
    if (!unseen.has(does)) continue;
    it(does, async () => {
      expect((await logOf(mutation(), caughtBy[0])).filter(isTold)).toEqual([]);
    });
  }
});

describe("the validating proxy calls nothing broken of a server that", () => {
  for (const [does, mutation] of Object.entries({ ...lawfulServers, ...silentServers })) {
    it(does, async () => {
      const drift = (await logOf(mutation)).flatMap((entry) => entry.drift ?? []);
      const ofAnswers = drift.filter(({ direction }) => direction === "answer");
      expect(ofAnswers.filter(({ level }) => level === "accepts")).toEqual([]);
    });
  }
});

/** Whether an answer is said to drift, or not to have come. */
function isTold({ decided, drift = [] }: LogEntry): boolean {
  return decided.outcome === "problem" || drift.some(({ direction }) => direction === "answer");
}

/** What the log of a proxy has once the cases, or one of them, were run against a server behind it. */
async function logOf(mutation: Mutation, only?: string): Promise<LogEntry[]> {
  const behind = await startMutatingProxy(mock, mutation);
  const proxy = await startMockServer({ upstream: behind.url });
  try {
    const target = { baseUrl: proxy.url, apiKey: "any-key", timeout: 10_000 };
    await runServerCases(only === undefined ? target : { ...target, only });
    return proxy.requests();
  } finally {
    await behind.close();
    await proxy.close();
  }
}
