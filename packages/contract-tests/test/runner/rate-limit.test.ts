import { describe, expect, it, vi } from "vitest";
import { type NotRestored, runServerCases, type ServerTarget } from "../../src/index.js";
import { startReferenceServer } from "../support/reference-server.js";
import { apiKey, failing, resultOf } from "../support/runs.js";

const only = "setAutoExtend/success/IPv4";

interface Limits extends Partial<ServerTarget> {
  /** Whether the request gets HTTP 429, by its number among those of its path. */
  readonly isLimited: (path: string, count: number) => boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: number;
  /** The headers of every answer. */
  readonly always?: Readonly<Record<string, string>>;
}

/** Runs cases against a server that limits the rate of requests, without waiting for it. */
async function underLimits({
  isLimited,
  headers = { "retry-after": "7" },
  status = 429,
  always = {},
  ...target
}: Limits) {
  const counts = new Map<string, number>();
  const server = await startReferenceServer((listener) => (request, response) => {
    const path = (request.url ?? "").replace(/^.*?v1\/[^/]+\//, "");
    const count = (counts.get(path) ?? 0) + 1;
    counts.set(path, count);
    for (const [name, value] of Object.entries(always)) response.setHeader(name, value);
    if (isLimited(path, count)) response.writeHead(status, headers).end("<h1>Slow down</h1>");
    else listener(request, response);
  });
  const sleep = vi.fn<NonNullable<ServerTarget["sleep"]>>(async (_, signal) => {
    if (signal?.aborted) throw signal.reason;
  });
  try {
    const run = { baseUrl: server.url, apiKey, rereadDelayMs: 0, sleep, ...target };
    const report = await runServerCases(run).catch((reason: unknown) => ({ reason }));
    const pauses = sleep.mock.calls.map(([timeMs]) => timeMs).filter((timeMs) => timeMs > 0);
    return { report, pauses, server };
  } finally {
    await server.close();
  }
}

describe("a rate limit", () => {
  it("is waited for as long as the server asks, and the request is sent again", async () => {
    const { report, pauses } = await underLimits({
      only: failing,
      isLimited: (_, count) => count % 2 === 1,
    });
    expect(report).toMatchObject({ passed: 1, failed: 0, contradicted: [], notRestored: [] });
    expect(new Set(pauses)).toEqual(new Set([7_000]));
  });

  it("is waited for until it ends, if the server says when", async () => {
    const { report, pauses } = await underLimits({
      only: failing,
      headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "7" },
      isLimited: (path, count) => path === "extend/order/auto" && count === 2,
    });
    expect(report).toMatchObject({ passed: 1, failed: 0 });
    expect(pauses).toEqual([7_000]);
  });

  it("is waited for a second if the server does not say how long", async () => {
    const { report, pauses } = await underLimits({
      only: failing,
      headers: {},
      isLimited: (path, count) => path === "extend/order/auto" && count === 2,
    });
    expect(report).toMatchObject({ passed: 1, failed: 0 });
    expect(pauses).toEqual([1_000]);
  });

  it("fails the case if it does not end, and contradicts nothing", async () => {
    const { report, pauses } = await underLimits({
      only: failing,
      isLimited: (path, count) => path === "extend/order/auto" && count > 1,
    });
    expect(report).toMatchObject({ failed: 1, contradicted: [], notRestored: [] });
    if (!("cases" in report)) expect.fail(String(report.reason));
    expect(resultOf(report, failing).problems).toMatchObject([
      {
        at: "answer",
        message: expect.stringContaining(
          "the server still limits the rate of requests (HTTP 429) after 5 attempts. Try again later)",
        ),
      },
    ]);
    expect(pauses).toHaveLength(4);
  });

  it("is not waited for if the server asks for more than maxRetryAfterMs", async () => {
    const { report, pauses } = await underLimits({
      only: failing,
      maxRetryAfterMs: 6_900,
      isLimited: (path, count) => path === "extend/order/auto" && count > 1,
    });
    expect(report).toMatchObject({ failed: 1, contradicted: [] });
    expect(JSON.stringify(report)).toContain(
      "asks for a pause of 7 s, longer than the 6.9 s that the tests wait. Try again after it",
    );
    expect(pauses).toEqual([]);
  });

  it("is left at once when the run is stopped", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const { report, server } = await underLimits({
      only,
      signal: stop.signal,
      sleep: async (_, signal) => {
        stop.abort(reason);
        if (signal?.aborted) throw signal.reason;
      },
      // The first request asks about the API key.
      isLimited: (path, count) => path === "extend/order/auto" && count === 2,
    });
    expect(report).toEqual({ reason });
    expect(server.switched).toEqual([]);
  });

  it("is waited for when orders are restored, also after the run was stopped", async () => {
    const stop = new AbortController();
    const notRestored: NotRestored[] = [];
    const { report, server, pauses } = await underLimits({
      only,
      signal: stop.signal,
      onStopped: (report) => notRestored.push(...report.notRestored),
      isLimited: (path, count) => {
        if (path === "extend/order/auto" && count === 2) queueMicrotask(() => stop.abort("enough"));
        return (path === "extend/order/auto" && count === 3) || (path === "ipAddress" && count % 2 === 0);
      },
    });
    expect(report).toEqual({ reason: "enough" });
    expect(pauses.length).toBeGreaterThan(1);
    expect(server.switched).toEqual(["11111 on", "11111 off"]);
    expect(notRestored).toEqual([]);
  });

  it("that does not end leaves a report of what could not be restored", async () => {
    const { report } = await underLimits({
      only,
      isLimited: (path, count) => path === "extend/auto" || (path === "extend/order/auto" && count > 2),
    });
    expect(report).toMatchObject({
      failed: 1,
      contradicted: [],
      notRestored: [
        {
          orderId: "11111",
          was: { autoExtend: false },
          now: { autoExtend: true },
          whatToDo: "Switch it off.",
        },
      ],
    });
  });

  it("that a success announces is waited for before the next request, unless it is too long", async () => {
    const pausesFor = async (seconds: string) => {
      const { report, pauses, server } = await underLimits({
        only,
        maxRetryAfterMs: 7_000,
        isLimited: () => false,
        always: { "retry-after": seconds },
      });
      expect(report).toMatchObject({ passed: 1, failed: 0, notRestored: [] });
      return { pauses, requests: server.seen.length };
    };
    const { pauses, requests } = await pausesFor("7");
    // The first request only asks whether anything answers, and nothing follows the last one.
    expect(pauses).toEqual(Array.from({ length: requests - 2 }, () => 7_000));
    expect((await pausesFor("8")).pauses).toEqual([]);
  });

  it("is no answer of a server in trouble that asks for a pause and then answers", async () => {
    const { report, pauses } = await underLimits({
      only: failing,
      status: 503,
      isLimited: (_, count) => count % 2 === 1,
    });
    expect(report).toMatchObject({ passed: 1, failed: 0 });
    expect(new Set(pauses)).toEqual(new Set([7_000]));
  });
});
