import { describe, expect, it } from "vitest";
import { formatServerReport, runServerCases, type ServerReport, type ServerTarget } from "../../src/index.js";
import { type Instead, type ReferenceServer, startReferenceServer } from "../support/reference-server.js";
import { apiKey, textsIn } from "../support/runs.js";

/** The state of IP addresses by ID, such as `on 60`. */
type State = Readonly<Record<string, string>>;

interface Scene extends Partial<ServerTarget> {
  /** The state before the run (default: `off 30` for each). */
  readonly before?: State;
  readonly instead?: Instead;
  /** Whether a request gets no answer, although it is read. */
  readonly silent?: (path: string) => boolean;
}

/** Runs cases, and returns the report with the state before and after. */
async function play({ before = {}, instead, silent, ...target }: Scene) {
  const server = await startReferenceServer(
    (listener) => (request, response) => {
      const path = (request.url ?? "").replace(/^.*?v1\/[^/]+/, "");
      if (!silent?.(path)) listener(request, response);
    },
    instead,
  );
  try {
    for (const [id, state] of Object.entries(before)) {
      const [autoExtend, days] = state.split(" ");
      const changed = { autoExtend: autoExtend === "on", rentPeriodDays: Number(days) };
      Object.assign(server.addresses[id] ?? {}, changed);
    }
    const first = statesOf(server);
    const report: ServerReport = await runServerCases({
      baseUrl: server.url,
      apiKey,
      rereadDelayMs: 0,
      ...target,
    });
    return { report, before: first, after: statesOf(server) };
  } finally {
    await server.close();
  }
}

function statesOf({ addresses }: ReferenceServer): State {
  return Object.fromEntries(
    Object.values(addresses).map(({ id, autoExtend, rentPeriodDays }) => [
      id,
      `${autoExtend ? "on" : "off"} ${rentPeriodDays}`,
    ]),
  );
}

const mixed: State = {
  "ip-of-11111": "on 60",
  "1st-of-22222": "on 30",
  "2nd-of-22222": "off 60",
  "ip-of-44444": "off 60",
  "1st-of-66666": "on 60",
  "2nd-of-66666": "on 60",
};

describe("auto-extend is as it was before the run", () => {
  it.each(["", "setAutoExtend/", "setAutoExtendByIpAddress/", "listIpAddresses/"])(
    "after all cases that begin with %j, whatever it was",
    async (only) => {
      const { report, before, after } = await play({ only, before: mixed });
      expect(report).toMatchObject({ failed: 0, notRestored: [] });
      expect(after).toEqual(before);
    },
    // All cases at once take a minute on a busy machine.
    120_000,
  );

  it("even if the caller named a rental period that is not sold", async () => {
    const orders = { IPv4: { orderIds: ["11111"], rentPeriodDays: 31 } };
    const { report, before, after } = await play({ only: "setAutoExtend/period", orders });
    expect(report.failed).toBeGreaterThan(0);
    expect(report.notRestored).toEqual([]);
    expect(after).toEqual(before);
  });

  it("after the cases that a server fails", async () => {
    const { report, before, after } = await play({
      before: mixed,
      only: "setAutoExtend",
      // It carries out what it refuses, and takes any string for "on".
      instead: (path, sent, { handlers }) => {
        if (path !== "/extend/order/auto" || typeof sent.autoExtend === "boolean") return undefined;
        handlers[path]?.answer(apiKey, { ...sent, autoExtend: Boolean(sent.autoExtend) });
        return undefined;
      },
    });
    expect(report.failed).toBeGreaterThan(0);
    expect(report.notRestored).toEqual([]);
    expect(after).toEqual(before);
  });

  it("by IP address, after a server that switches whole orders on and not off", async () => {
    const { report, before, after } = await play({
      only: "setAutoExtend/success",
      instead: (path, sent) =>
        path === "/extend/order/auto" && sent.autoExtend === false ? "<h1>Out of order</h1>" : undefined,
    });
    expect(report.failed).toBe(4);
    expect(report.notRestored).toEqual([]);
    expect(after).toEqual(before);
  });
});

describe("what cannot be restored is in the report", () => {
  it("with its state before and now, and what to do", async () => {
    let switches = 0;
    const { report, after } = await play({
      only: "setAutoExtend/success/IPv4",
      before: { "ip-of-11111": "on 60" },
      instead: (path) => (path.endsWith("/auto") && ++switches > 2 ? "<h1>Out of order</h1>" : undefined),
    });
    expect(after["ip-of-11111"]).toBe("off 60");
    expect(report.notRestored).toEqual([
      {
        orderId: "11111",
        ipAddressId: "ip-of-11111",
        was: { autoExtend: true, rentPeriodDays: 60 },
        now: { autoExtend: false, rentPeriodDays: 60 },
        whatToDo: "Switch it on again for 60 days.",
      },
    ]);
    const { total, tested, notTested } = report.statements;
    expect(formatServerReport(report)).toContain(
      `Not restored
  order 11111, IP address ip-of-11111: it was on (60 days) before the run, and it is off (60 days) now
      Switch it on again for 60 days.

${total} statements of the contract: ${tested} tested, 0 confirmed, 1 contradicted, ${tested - 1} undecided, ${notTested} not tested.
0 passed, 1 failed, 1 not restored
`,
    );
  });

  it("without a number of days, if the list had none", async () => {
    let switches = 0;
    const { report } = await play({
      only: "setAutoExtend/success/IPv4",
      before: { "ip-of-11111": "on 60" },
      instead(path, _, { handlers }) {
        if (path.endsWith("/auto") && ++switches > 2) return "<h1>Out of order</h1>";
        if (path !== "/ipAddress") return undefined;
        return JSON.parse(
          JSON.stringify(handlers[path]?.answer(apiKey, {})).replaceAll("extendDays", "days"),
        );
      },
    });
    expect(report.notRestored).toMatchObject([
      { was: { autoExtend: true, rentPeriodDays: null }, whatToDo: "Switch it on again." },
    ]);
  });

  it("after two attempts: one after the case, and one at the end of the run", async () => {
    const attempts: string[] = [];
    const { report } = await play({
      only: "setAutoExtend/success/ISP",
      instead: (path, sent, { addresses }) => {
        if (!path.endsWith("/auto") || !addresses["ip-of-55555"]?.autoExtend) return undefined;
        if (![sent.orderIds, sent.ipAddressIds].flat().some((id) => String(id).includes("55555")))
          return undefined;
        attempts.push(path);
        return "<h1>Out of order</h1>";
      },
    });
    expect(report.notRestored).toMatchObject([{ orderId: "55555", now: { autoExtend: true } }]);
    // The step of the case that switches it off, then by order and by IP address, twice.
    const twice = ["/extend/order/auto", "/extend/auto"];
    expect(attempts).toEqual(["/extend/order/auto", ...twice, ...twice]);
  });

  it("if only the rental period is another one", async () => {
    const { report } = await play({
      only: "setAutoExtend/success/MOBILE",
      before: { "ip-of-44444": "off 90" },
    });
    expect(report.failed).toBe(0);
    expect(report.notRestored).toMatchObject([
      { orderId: "44444", whatToDo: "Only its rental period differs: use 90 days when you switch it on." },
    ]);
  });

  it("if the list cannot be read any more, although the server says that it is restored", async () => {
    let lists = 0;
    const { report, before, after } = await play({
      only: "setAutoExtend/success/ISP",
      before: { "ip-of-55555": "on 60" },
      instead: (path) => (path === "/ipAddress" && ++lists > 2 ? "<h1>Out of order</h1>" : undefined),
    });
    expect(after).toEqual(before);
    expect(report.notRestored).toEqual([
      {
        orderId: "55555",
        ipAddressId: "ip-of-55555",
        was: { autoExtend: true, rentPeriodDays: 60 },
        now: null,
        whatToDo: "Its state could not be read afterwards. Look it up in the account: it was on (60 days).",
      },
    ]);
  });

  it.each([
    ["one state", { "1st-of-22222": "on 30", "2nd-of-22222": "on 30" }],
    ["mixed states", { "1st-of-22222": "off 30", "2nd-of-22222": "on 30" }],
  ])("if an order with %s is no longer listed, although it is switched back", async (_, before) => {
    const { report, ...states } = await play({ ...dropsOrder("31.01.2999"), before });
    expect(states.after).toEqual(states.before);
    expect(report.notRestored).toMatchObject([
      { orderId: "22222", ipAddressId: "1st-of-22222", now: null },
      { orderId: "22222", ipAddressId: "2nd-of-22222", now: null },
    ]);
    const unchecked = report.cases.map((each) => each.unchecked);
    expect(unchecked).toEqual(["the list does not say whether auto-extend of 1st-of-22222 is on"]);
  });

  it("unless its rental has ended", async () => {
    const { report } = await play(dropsOrder("31.01.2020"));
    expect(report.notRestored).toEqual([]);
  });

  it("if a request to switch it on got no answer, and may still be carried out", async () => {
    let switches = 0;
    const { report, after } = await play({
      only: "setAutoExtend/success/IPv4",
      timeout: 300,
      before: { "ip-of-11111": "off 60" },
      silent: (path) => path === "/extend/order/auto" && ++switches === 2,
    });
    expect(after["ip-of-11111"]).toBe("off 60");
    expect(report.notRestored).toMatchObject([
      {
        orderId: "11111",
        ipAddressId: "ip-of-11111",
        now: { autoExtend: false },
        whatToDo: expect.stringContaining("A request to switch it on got no answer"),
      },
    ]);
  });

  it("with IDs that are short and fit for a terminal, whatever the server calls its IP addresses", async () => {
    const id = `\u001b[31mred\u202e${"x".repeat(5_000)}`;
    let lists = 0;
    const { report } = await play({
      only: "setAutoExtend/success/IPv4",
      orders: { IPv4: { orderIds: ["11111"], rentPeriodDays: 30 } },
      instead: (path, _, { handlers, addresses }) => {
        const address = addresses["ip-of-11111"];
        if (path !== "/ipAddress" || !address) return undefined;
        address.autoExtend = ++lists > 1;
        const list = JSON.stringify(handlers[path]?.answer(apiKey, {}));
        return JSON.parse(list.replaceAll("ip-of-11111", JSON.stringify(id).slice(1, -1)));
      },
    });
    expect(report.notRestored).toHaveLength(1);
    expect(report.notRestored[0]?.ipAddressId).toBe(`red${"x".repeat(1_997)}`);
    expect(textsIn(report).filter((text) => /\p{Cc}(?<!\n)|\u202e/u.test(text))).toEqual([]);
  });

  it("if a server switched orders that the run must not touch", async () => {
    const touched: unknown[] = [];
    const { report, after } = await play({
      only: "setAutoExtend/success/IPv4",
      orders: { IPv4: { orderIds: ["11111"], rentPeriodDays: 30 } },
      instead: (path, sent, { addresses }) => {
        if (!path.endsWith("/auto") || String(sent.orderIds) === "no-such-order") return undefined;
        touched.push(...[sent.orderIds, sent.ipAddressIds].flat());
        if (addresses["ip-of-55555"]) addresses["ip-of-55555"].autoExtend = true;
        return undefined;
      },
    });
    expect(report.failed).toBe(1);
    expect(after).toMatchObject({ "ip-of-11111": "off 30", "ip-of-55555": "on 30" });
    expect(touched.filter((id) => id !== undefined && id !== "11111")).toEqual([]);
    expect(report.notRestored).toMatchObject([
      {
        orderId: "55555",
        whatToDo:
          "It is not one of the orders of this run, so it was left alone. If nobody else switched it, switch it off.",
      },
    ]);
  });
});

/** Order 22222 leaves the list as soon as it is switched. */
function dropsOrder(dateEnd: string): Scene {
  let isSwitched = false;
  return {
    only: "setAutoExtend/success/IPv4",
    orders: { IPv4: { orderIds: ["22222"], rentPeriodDays: 30 } },
    instead: (path, sent, { handlers }) => {
      isSwitched ||= String(sent.orderIds) === "22222";
      if (path !== "/ipAddress") return undefined;
      const list = JSON.stringify(handlers[path]?.answer(apiKey, {})).replaceAll("31.01.2030", dateEnd);
      const { IPv4, ...rest } = JSON.parse(list);
      const remaining = IPv4.filter(({ orderId }: { orderId: string }) => !isSwitched || orderId !== "22222");
      return { ...rest, IPv4: remaining };
    },
  };
}
