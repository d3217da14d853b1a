import { runServerCases } from "@auto-extend/contract-tests";
import {
  fillPath,
  type Operation,
  operations,
  reservedOrderId,
  reservedProxyType,
  specOf,
  unknownApiKey,
} from "@auto-extend/core";
import { createMockFetch, type LogEntry, type MockServer, startMockServer } from "@auto-extend/mock-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokenAnswers } from "./broken-answers.js";
import { brokenRules } from "./broken-rules.js";
import { brokenTransport } from "./broken-transport.js";
import { lawfulServers } from "./lawful-servers.js";
import { type MutatingProxy, type Mutation, startMutatingProxy } from "./mutating-proxy.js";
import { twoPeriods } from "./world.js";

const brokenServers = [...brokenAnswers, ...brokenTransport, ...brokenRules].filter(
  // The proxy would wait for a minute. Its own tests, which can set that time, show how that ends.
  ({ does }) => does !== "never answers for ISP",
);

/** Servers whose single exchanges show nothing wrong. */
const unseen = new Set([
  // It takes the account's state.
  "takes any API key",
  "does not look at the type of an order",
  "looks at the rental period before the orders",
  "sells any period",
  // It takes an earlier answer.
  "has new IDs each time",
  // It is about a path that the contract does not know, or not about the operation.
  "does not look at the end of a path",
  "has a page for unknown paths",
  "calls its problems JSON",
  "has another status in its problems",
  "does not say what the problem is",
]);

const mock = createMockFetch({ world: twoPeriods });
let behind: MutatingProxy;
let proxy: MockServer;

beforeAll(async () => {
  behind = await startMutatingProxy(mock);
  proxy = await startMockServer({ upstream: behind.url });
});
afterAll(async () => {
  await behind.close();
  await proxy.close();
});

describe("the validating proxy reports a server that", () => {
  for (const { does, caughtBy, mutation } of brokenServers) {
    if (unseen.has(does)) continue;
    it(does, async () => {
      const reported = (await logOfCase(mutation(), caughtBy[0])).filter(isReported);
      expect(reported.length).toBeGreaterThan(0);
    });
  }
});

describe("the validating proxy cannot see that a server", () => {
  for (const { does, caughtBy, mutation } of brokenServers) {
    if (!unseen.has(does)) continue;
    it(does, async () => {
      expect((await logOfCase(mutation(), caughtBy[0])).filter(isReported)).toEqual([]);
    });
  }
});

describe("the validating proxy calls nothing broken about a server that", () => {
  for (const { does, mutation } of lawfulServers) {
    it(does.join(", "), async () => {
      const answers = new Set<string>();
      const log = await logOf(mutation, (url) => askEverything(url, answers));
      const drift = log.flatMap((entry) => entry.drift ?? []);
      const ofAnswers = drift.filter(({ direction }) => direction === "answer");
      expect(ofAnswers.filter(({ level }) => level !== "emits")).toEqual([]);
      expect(answers).toEqual(new Set(operations.flatMap(({ id }) => [`${id} true`, `${id} false`])));
    });
  }
});

/** Whether an answer is said to drift, or not to have come. */
function isReported({ decided, drift = [] }: LogEntry): boolean {
  return decided.outcome === "problem" || drift.some(({ direction }) => direction === "answer");
}

function logOfCase(mutation: Mutation, only: string): Promise<LogEntry[]> {
  return logOf(mutation, async (baseUrl) => {
    await runServerCases({ baseUrl, apiKey: "any-key", timeout: 10_000, rereadDelayMs: 0, only });
  });
}

/** The log of a proxy after requests to a server behind it. */
async function logOf(mutation: Mutation, ask: (url: string) => Promise<void>): Promise<LogEntry[]> {
  behind.become(mutation);
  proxy.clearRequests();
  await ask(proxy.url);
  return proxy.requests();
}

/**
 * Sends the example requests of each operation, and some that are refused.
 *
 * @param answers takes the operation and the `success` of each answer.
 */
async function askEverything(baseUrl: string, answers: Set<string>): Promise<void> {
  for (const operation of operations) {
    const examples = Object.values(specOf(operation).examples.requests).map(({ request }): object => request);
    const [first = {}] = examples;
    const impossible = { ...first, proxyType: reservedProxyType };
    const unknown = "orderIds" in first ? [{ ...first, orderIds: [reservedOrderId] }] : [];
    for (const request of [...examples, impossible, ...unknown]) await send(operation, request, "any-key");
    await send(operation, first, unknownApiKey);
  }

  async function send({ id, method, path }: Operation, request: object, apiKey: string): Promise<void> {
    const url = baseUrl + fillPath(path, { apiKey });
    const answer =
      method === "GET"
        ? await fetch(`${url}?${new URLSearchParams(request as Record<string, string>)}`)
        : await fetch(url, {
            method,
            headers: { "content-type": "application/json" },
            body: JSON.stringify(request),
          });
    answers.add(`${id} ${((await answer.json()) as { success: unknown }).success}`);
  }
}
