import { formatServerReport, runServerCases, serverCases } from "@auto-extend/contract-tests";
import { createMockFetch } from "@auto-extend/mock-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokenAnswers } from "./broken-answers.js";
import { brokenForAType } from "./broken-for-a-type.js";
import { brokenInformation } from "./broken-information.js";
import { brokenIpAddressRules } from "./broken-ip-address-rules.js";
import { brokenRules } from "./broken-rules.js";
import { brokenState } from "./broken-state.js";
import { brokenSuccesses } from "./broken-successes.js";
import { brokenTransport } from "./broken-transport.js";
import { allDifferences, lawfulServers } from "./lawful-servers.js";
import { type MutatingProxy, type Mutation, mutatingFetch, startMutatingProxy } from "./mutating-proxy.js";
import type { BrokenServer } from "./mutations.js";
import { statesIn, twoPeriods } from "./world.js";

const brokenServers = [
  ...brokenRules,
  ...brokenIpAddressRules,
  ...brokenSuccesses,
  ...brokenInformation,
  ...brokenAnswers,
  ...brokenTransport,
  ...brokenState,
  ...brokenForAType,
];
const mock = createMockFetch({ world: twoPeriods });
let proxy: MutatingProxy;

beforeAll(async () => {
  proxy = await startMutatingProxy(mock);
});
afterAll(() => proxy.close());

/** The IDs of the cases that were seen to catch a broken server. */
const useful = new Set<string>();

describe("the server cases pass a server that", () => {
  for (const { does, mutation, isOverSocket } of lawfulServers) {
    it(does.join(", "), async () => {
      const { report, isAsBefore } = await runAgainst(mutation, { isOverSocket });
      expect(formatServerReport(report)).toMatch(new RegExp(`\n${serverCases.length} passed\n$`));
      expect(isAsBefore).toBe(true);
    });
  }

  it("has any of the lawful differences", () => {
    expect(lawfulServers.flatMap(({ does }) => does).sort()).toEqual([...allDifferences].sort());
  });
});

describe("the server cases catch a server that", () => {
  it.each(brokenServers.map((broken) => [broken.does, broken] as const))("%s", async (_, broken) => {
    const failed = await failedBy(broken);
    expect([...failed]).toEqual(expect.arrayContaining([...broken.caughtBy]));
    for (const id of failed) useful.add(id);
  });

  it("breaks any one of their promises: each of them has caught one", () => {
    expect(serverCases.map(({ id }) => id).filter((id) => !useful.has(id))).toEqual([]);
  });
});

/** The cases that fail a broken server, of those that must. */
async function failedBy({ does, caughtBy, mutation }: BrokenServer): Promise<Set<string>> {
  const isOverSocket = brokenTransport.some((broken) => broken.does === does);
  // Only one of the servers never answers, and nobody waits for it in vain for long.
  const timeout = does.startsWith("never") ? 200 : 10_000;
  const failed = new Set<string>();
  for (const only of new Set(caughtBy.map(prefixOf))) {
    const { report, isAsBefore } = await runAgainst(mutation(), { only, isOverSocket, timeout });
    for (const { id, outcome } of report.cases) if (outcome === "failed") failed.add(id);
    // What a list does not show cannot be restored, so only servers whose list is right are held to this.
    if (hasRightList(does)) expect(report.notRestored.length > 0).toBe(!isAsBefore);
  }
  return failed;
}

/** Whether a broken server lists its IP addresses as they are. */
function hasRightList(does: string): boolean {
  return [...brokenState, ...brokenRules, ...brokenIpAddressRules, ...brokenSuccesses].some(
    (broken) => broken.does === does,
  );
}

/** The check of the orders, which precedes the cases, is made if any case needs it. */
function prefixOf(id: string): string {
  const isCase = serverCases.some((serverCase) => serverCase.id === id);
  return isCase ? id : id.replace(/\/orders\/.*/, "/");
}

interface Options {
  readonly only?: string;
  /** Whether the mutation needs a socket to be seen. */
  readonly isOverSocket?: boolean;
  /** In milliseconds (default: 10,000). */
  readonly timeout?: number;
}

let runs = 0;

/** Runs the cases against a mutation of the mock, with an account of its own. */
async function runAgainst(
  mutation: Mutation,
  { only = "", isOverSocket = false, timeout = 10_000 }: Options,
) {
  const apiKey = `key-of-run-${runs++}`;
  const target = { apiKey, only, timeout, rereadDelayMs: 0 };
  await mock(`http://127.0.0.1/client/api/v1/${apiKey}/balance`);
  const before = statesIn(mock, apiKey);
  proxy.become(mutation);
  const report = await runServerCases(
    isOverSocket
      ? { ...target, baseUrl: proxy.url }
      : { ...target, baseUrl: "http://127.0.0.1", fetch: mutatingFetch(mock, mutation) },
  );
  return { report, isAsBefore: JSON.stringify(statesIn(mock, apiKey)) === JSON.stringify(before) };
}
