import { setAutoExtend, specOf } from "@auto-extend/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatServerReport, runServerCases, type ServerReport } from "../../src/index.js";
import type { ReferenceAccount, Sent } from "../support/reference-account.js";
import { changingAnswers, type ReferenceServer, startReferenceServer } from "../support/reference-server.js";
import { abroad, apiKey, resultOf } from "../support/runs.js";

type Json = Record<string, unknown>;
type Addresses = ReferenceAccount["addresses"];

/** Runs cases against a server whose account is changed after each successful switch. */
async function afterSwitches(
  only: string,
  change: (addresses: Addresses, asked: Sent) => void,
): Promise<ServerReport> {
  const server = await startReferenceServer(undefined, (path, sent, { handlers, addresses }) => {
    const answer = path.endsWith("/auto") ? handlers[path]?.answer(apiKey, sent) : undefined;
    if (answer && "success" in answer && answer.success) change(addresses, sent);
    return answer;
  });
  try {
    return await runServerCases({ baseUrl: server.url, apiKey, only, rereadDelayMs: 0 });
  } finally {
    await server.close();
  }
}

describe("the state that is read back", () => {
  it("fails a success that did not do what it says, and names the IP address", async () => {
    const report = await afterSwitches("setAutoExtend/success/IPv4", (addresses) => {
      for (const address of Object.values(addresses)) address.autoExtend = false;
    });
    expect(report.cases[0]?.problems).toEqual([
      {
        exchange: 0,
        at: "order 11111, IP address ip-of-11111",
        message: "auto-extend must be on (30 days)",
        actual: "off (30 days)",
        level: null,
        contradicts: ["setAutoExtend/success", "listIpAddresses/extend-info"],
      },
    ]);
    expect(report.notRestored).toEqual([]);
    expect(formatServerReport(report)).toContain(
      "! order 11111, IP address ip-of-11111: auto-extend must be on (30 days); it is off (30 days)\n",
    );
  });

  it("fails a success that did more than it says", async () => {
    const report = await afterSwitches("setAutoExtend/success/IPv4", (addresses, { autoExtend }) => {
      for (const address of Object.values(addresses)) address.autoExtend = autoExtend === true;
    });
    const problems = report.cases[0]?.problems.filter(({ exchange }) => exchange === 0) ?? [];
    expect(problems.map(({ at }) => at)).toEqual([
      "order 22222, IP address 1st-of-22222",
      "order 22222, IP address 2nd-of-22222",
      "order 33333, IP address ip-of-33333",
    ]);
    expect(problems[2]?.message).toBe(
      "auto-extend must be off (30 days), as before: the request does not name it (3 of 7 such problems are shown)",
    );
  });

  it("is read a second time if it is not as it should be, because a list may lag behind", async () => {
    let reads = 0;
    let last: Json = {};
    const lagging = await startReferenceServer(
      // Every list shows the state of the list before it, unless nothing happened since.
      changingAnswers("ipAddress", (answer) => {
        const shown = reads++ === 0 ? answer : last;
        last = answer;
        return shown;
      }),
    );
    try {
      const run = { baseUrl: lagging.url, apiKey, only: "setAutoExtend/success/IPv4" };
      expect(await runServerCases({ ...run, rereadDelayMs: 0 })).toMatchObject({ passed: 1, failed: 0 });
    } finally {
      await lagging.close();
    }
  });

  it("is read a second time only a few times in vain", async () => {
    let lists = 0;
    const run = async (only: string) => {
      lists = 0;
      const server = await startReferenceServer(undefined, (path) => {
        if (path === "/ipAddress") lists++;
        // It never switches anything, and reports success.
        if (path !== "/extend/order/auto") return undefined;
        return { ...specOf(setAutoExtend).examples.requests.IPv4.success, ipAddressIds: null };
      });
      try {
        const target = { baseUrl: server.url, apiKey, rereadDelayMs: 0 };
        expect((await runServerCases({ ...target, only })).failed).toBeGreaterThan(0);
        return lists;
      } finally {
        await server.close();
      }
    };
    // The list before, after each of the six requests of IPv4 and of IPv6, and at the end; and three second readings.
    expect(await run("setAutoExtend/several-orders")).toBe(1 + 2 * 6 + 1 + 3);
    expect(await run("setAutoExtend/success/IPv4")).toBe(1 + 2 + 1 + 1);
  });
});

describe("a list that cannot be compared", () => {
  const lists: Readonly<Record<string, [change: (answer: Json) => unknown, reason: RegExp]>> = {
    "is refused": [
      () => ({ success: false, error: { code: 35, message: "Unknown error" } }),
      /could not be read: error 35$/,
    ],
    "is refused with a code that is no text either": [
      () => ({ success: false, error: { code: { toString: 1 }, message: "Unknown error" } }),
      /could not be read: error without a code$/,
    ],
    "is no list": [() => ({ success: true }), /could not be read: the body has no list/],
    "does not say whether auto-extend is on": [
      (answer) => withoutFields(answer, "extendInfo"),
      /does not say whether auto-extend of ip-of-11111 is on$/,
    ],
    "is a page without the order": [
      (answer) => ({ ...answer, IPv4: [], pages: 7 }),
      /order 11111 is not in the list of IP addresses$/,
    ],
  };

  it.each(Object.entries(lists))(
    "%s: only the answers of the case are checked, and the report says why",
    async (_, [change, reason]) => {
      const server = await startReferenceServer(changingAnswers("ipAddress", change));
      try {
        const report = await runServerCases({
          baseUrl: server.url,
          apiKey,
          only: "setAutoExtend/success/IPv4",
        });
        const { outcome, unchecked } = resultOf(report, "setAutoExtend/success/IPv4");
        expect({ outcome, unchecked }).toEqual({
          outcome: "passed",
          unchecked: expect.stringMatching(reason),
        });
        expect(formatServerReport(report)).toMatch(
          /Passed, but only the answers were checked\n {2}1 case, because .*\n.*\n[\s\S]*\n1 passed \(1 with only the answers checked\)/,
        );
        // Nobody knows what the order was before, so it is off, and the report says so.
        expect(server.addresses["ip-of-11111"]?.autoExtend).toBe(false);
        expect(report.notRestored).toEqual([
          {
            orderId: "11111",
            ipAddressId: null,
            was: null,
            now: null,
            whatToDo: "The server says that it is off now. Switch it on again if it was on.",
          },
        ]);
      } finally {
        await server.close();
      }
    },
  );
});

describe("off loopback", () => {
  let server: ReferenceServer;
  beforeAll(async () => {
    server = await startReferenceServer(changingAnswers("ipAddress", (answer) => ({ ...answer, IPv4: [] })));
  });
  afterAll(() => server.close());

  it("an order whose state cannot be read is not switched, because it could not be restored", async () => {
    const orders = {
      IPv4: { orderIds: ["11111"], rentPeriodDays: 30 },
      ISP: { orderIds: ["55555"], rentPeriodDays: 30 },
    };
    const report = await runServerCases(
      abroad(server, { allowChanges: true, orders, only: "setAutoExtend/success" }),
    );
    expect(resultOf(report, "setAutoExtend/success/IPv4").skipped).toEqual({
      reason: "the current state of order 11111 could not be read, so it could not be restored",
      option: null,
    });
    expect(resultOf(report, "setAutoExtend/success/ISP").outcome).toBe("passed");
    expect(server.switched).toEqual(["55555 on", "55555 off"]);
    expect(report.notRestored).toEqual([]);
  });
});

function withoutFields(value: unknown, name: string): unknown {
  return JSON.parse(JSON.stringify(value, (key, part: unknown) => (key === name ? undefined : part)));
}
