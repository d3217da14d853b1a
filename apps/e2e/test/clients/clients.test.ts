import { beforeEach, describe, expect, it, vi } from "vitest";
import { brokenClients } from "./broken-clients.js";
import type { ClientCase } from "./case.js";
import { byMock, type Channel, canMock, overSocket } from "./channels.js";
import { canExpress, driveCli } from "./cli-driver.js";
import { clientCases } from "./client-cases.js";
import { driveClient } from "./client-driver.js";
import { type Driver, operationOf, runCases } from "./run-cases.js";

// Pauses before retries are drawn at random. Here they take no time.
beforeEach(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  return () => vi.restoreAllMocks();
});

const channels: Readonly<Record<string, { channel: Channel; cases: typeof clientCases }>> = {
  "over a socket": { channel: overSocket, cases: clientCases },
  "against the mock": { channel: byMock, cases: clientCases.filter(({ script }) => canMock(script)) },
};
const clients: Readonly<Record<string, { drive: Driver; canRun: (clientCase: ClientCase) => boolean }>> = {
  "our client": { drive: driveClient, canRun: () => true },
  "our CLI, with the exit codes that belong to them": { drive: driveCli, canRun: canExpress },
};

describe.each(Object.entries(channels))("the client cases, %s,", (_, { channel, cases }) => {
  it.each(Object.entries(clients))("pass %s", async (_, { drive, canRun }) => {
    expect(await runCases(cases.filter(canRun), drive, channel)).toEqual([]);
  });
});

describe("the client cases", () => {
  it("have IDs of their own", () => {
    const ids = clientCases.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("answer in the form that they claim", () => {
    for (const { id, operation, expect: expected, script } of clientCases) {
      const last = script.at(-1);
      if (expected.outcome !== "success" || !last || "lose" in last) continue;
      const { success } = operationOf(operation).accepts;
      expect([id, success.safeParse(JSON.parse(String(last.body).trim())).success]).toEqual([id, true]);
    }
  });

  it("can be played by the mock, except for answers without a media type, of raw bytes or padded, and refused connections", () => {
    const others = clientCases.filter(({ script }) => !canMock(script)).map(({ id }) => id);
    expect(others.filter((id) => !id.endsWith("/lost/refuse"))).toEqual([
      "setAutoExtend/success/no-media-type",
      "setAutoExtend/broken/no-content",
      "setAutoExtend/broken/invalid-utf-8",
      "setAutoExtend/broken/too-large",
    ]);
  });

  it("of the switch can be expressed on a command line, except for a few wrong inputs", () => {
    const ofSwitch = clientCases.filter(({ operation }) => operation === "setAutoExtend");
    const others = ofSwitch.filter((clientCase) => !canExpress(clientCase)).map(({ id }) => id);
    expect(others.length).toBeLessThan(10);
    expect(others.filter((id) => !id.startsWith("setAutoExtend/input/"))).toEqual([]);
  });
});

describe("the client cases catch a client that", () => {
  it.each(brokenClients.map((broken) => [broken.does, broken] as const))("%s", async (_, broken) => {
    const cases = clientCases.filter(({ id }) => id === broken.caughtBy);
    expect(cases).toHaveLength(1);
    expect(await runCases(cases, driveClient, overSocket)).toEqual([]);
    expect(await runCases(cases, broken.driver, overSocket)).not.toEqual([]);
  });
});
