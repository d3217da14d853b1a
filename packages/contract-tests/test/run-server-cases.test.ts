import type { RequestListener } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  runServerCases,
  type ServerCaseResult,
  type ServerTarget,
  serverCases,
  TargetError,
} from "../src/index.js";
import { type ReferenceServer, startReferenceServer } from "./reference-server.js";

const apiKey = "a-key-to-look-for-0x7f";
const failing = "setAutoExtend/rule/proxy-type/unknown";
let server: ReferenceServer;

beforeAll(async () => {
  server = await startReferenceServer();
});

afterAll(() => server.close());

describe("off loopback", () => {
  it("sends nothing that a server could act on", async () => {
    const report = await runServerCases(abroad({}));
    const outcomes = new Map(report.cases.map(({ id, outcome }) => [id, outcome]));
    for (const { id, safety } of serverCases) {
      expect([id, outcomes.get(id)]).toEqual([id, safety === "harmless" ? "passed" : "skipped"]);
    }
    expect(report.passed + report.skipped).toBe(serverCases.length);
    expect(report.passed).toBeGreaterThan(10);
  });

  it("never names a proxy type that exists, by default", async () => {
    const bodies: string[] = [];
    await runServerCases(abroad({ onRequest: (body) => bodies.push(body) }));
    expect(bodies.join()).toContain("no-such-type");
    for (const body of bodies) expect(body).not.toMatch(/"proxyType":"(IPv4|IPv6|MOBILE|ISP)"/);
  });

  it("says why a case was left out, and what would let it run", async () => {
    const byDefault = await runServerCases(abroad({}));
    expect(resultOf(byDefault, "setAutoExtend/success/IPv4").skipped).toEqual({
      reason: "it changes orders",
      option: "allowChanges",
    });
    const allowed = await runServerCases(abroad({ allowChanges: true }));
    expect(resultOf(allowed, "setAutoExtend/success/IPv4").skipped).toEqual({
      reason: "it needs an order of IPv4",
      option: "orders",
    });
    expect(resultOf(allowed, "setAutoExtend/rule/order-ids/empty").outcome).toBe("passed");
  });

  it("uses the orders that it is given, and no others", async () => {
    const bodies: string[] = [];
    const orders = { ISP: { orderIds: ["55555"], rentPeriodDays: 30 } };
    const report = await runServerCases(
      abroad({ allowChanges: true, orders, onRequest: (body) => bodies.push(body) }),
    );
    expect(report.failed).toBe(0);
    expect(resultOf(report, "setAutoExtend/success/ISP").outcome).toBe("passed");
    expect(resultOf(report, "setAutoExtend/rule/order-ids/one-bad").outcome).toBe("passed");
    expect(resultOf(report, "setAutoExtend/several-orders").skipped?.reason).toBe(
      "it needs two orders of one proxy type",
    );
    expect(resultOf(report, "setAutoExtend/rule/order-ids/other-type").skipped?.reason).toBe(
      "it needs orders of two proxy types",
    );
    for (const body of bodies) expect(body).not.toMatch(/"(11111|22222|33333|44444)"/);
  });
});

describe("a target that is not valid", () => {
  const good: ServerTarget = { baseUrl: "https://provider.test", apiKey };
  const bad: Record<string, [Partial<ServerTarget>, RegExp]> = {
    "no URL": [{ baseUrl: "provider.test" }, /not a URL/],
    "another protocol": [{ baseUrl: "ftp://provider.test" }, /ftp:/],
    "a URL with a user": [{ baseUrl: "https://me:secret@provider.test" }, /no user/],
    "plain http": [{ baseUrl: "http://provider.test" }, /allowHttp/],
    "no API key": [{ apiKey: "" }, /apiKey must not be empty/],
    "dots for an API key": [{ apiKey: ".." }, /apiKey must not be empty/],
    "the unknown API key": [{ apiKey: "unknown-api-key" }, /every server refuses/],
    "no timeout": [{ timeout: 0 }, /timeout is 0/],
    "orders without ids": [{ orders: { IPv6: { orderIds: [], rentPeriodDays: 30 } } }, /orders of IPv6/],
    "no case": [{ only: "no-such-case" }, /No case/],
  };
  for (const [what, [change, message]] of Object.entries(bad)) {
    it(`is told so, before anything is sent: ${what}`, async () => {
      const fetch = () => Promise.reject(new Error("nothing should be sent"));
      const run = runServerCases({ ...good, ...change, fetch });
      await expect(run).rejects.toThrow(message);
      await expect(run).rejects.toMatchObject({ name: "TargetError", reason: "invalid" });
    });
  }

  it("may be plain http elsewhere where that is allowed", async () => {
    const report = await runServerCases({ ...abroad({}), baseUrl: "http://provider.test", allowHttp: true });
    expect(report.failed).toBe(0);
  });
});

describe("a server in trouble", () => {
  it("is given up at once where nothing answers", async () => {
    const { url, close } = await startReferenceServer();
    await close();
    const run = runServerCases({ baseUrl: url, apiKey });
    await expect(run).rejects.toThrow(TargetError);
    await expect(run).rejects.toThrow(new RegExp(`Nothing answers at ${url}: ECONNREFUSED`));
    await expect(run).rejects.toMatchObject({ reason: "unreachable" });
  });

  it("fails the case whose answer is lost, and contradicts nothing by that", async () => {
    const report = await runAgainst((_, response) => response.socket?.destroy());
    expect(report.cases[0]?.problems).toMatchObject([{ at: "answer", came: /^none: / }]);
    expect(report).toMatchObject({ failed: 1, contradicted: [] });
  });

  it("fails the case that is not answered in time", async () => {
    const report = await runAgainst(() => {}, { timeout: 50 });
    expect(report.cases[0]?.problems[0]?.came).toBe("none: no complete answer within 50 ms");
  });

  it("fails the case whose answer does not end", async () => {
    const report = await runAgainst((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      for (let mebibytes = 0; mebibytes <= 16; mebibytes++) response.write(" ".repeat(1024 * 1024));
    });
    expect(report.cases[0]?.problems[0]?.came).toMatch(/larger than 16777216 bytes/);
  });

  it("is not followed to another address", async () => {
    const followed: (string | undefined)[] = [];
    const report = await runAgainst(({ url }, response) => {
      followed.push(url);
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    expect(report.cases[0]?.problems[0]).toMatchObject({ at: "status", expected: "200", came: "307" });
    expect(followed).not.toContain("/elsewhere");
  });
});

describe("the report", () => {
  it("names the statement that is contradicted, with its grade and the case that found out", async () => {
    const report = await runAgainst(answering({ success: false, error: { code: 35 } }));
    expect(report.contradicted.map(({ id }) => id)).toEqual(["setAutoExtend/failure"]);
    const other = await runAgainst(answering({ ...failure, error: { code: 35, message: "?" } }));
    expect(other.contradicted).toMatchObject([
      { id: "setAutoExtend/rule/proxy-type", grade: "reference", by: [failing] },
      { id: "error-code/4", grade: "reference", by: [failing] },
    ]);
  });

  it("has no API key in it, though the server repeats it everywhere", async () => {
    const report = await runAgainst(({ url }, response) => {
      response.writeHead(500, { "content-type": `text/${apiKey}`, [apiKey]: apiKey, location: String(url) });
      response.end(`${"x".repeat(1_990)}${apiKey} ${url}`);
    });
    expect(report.failed).toBe(1);
    expect(JSON.stringify(report)).toContain("[redacted]");
    expect(JSON.stringify(report)).not.toContain(apiKey.slice(0, 8));
  });

  it("keeps its own words where the API key is one of them", async () => {
    const report = await runAgainst(answering({ ...failure, error: { code: 35, message: "?" } }), {
      apiKey: "setAutoExtend",
    });
    expect(report.cases[0]?.id).toBe(failing);
    expect(report.contradicted[0]?.by).toEqual([failing]);
  });

  it("tells of each case as it ends", async () => {
    const results: ServerCaseResult[] = [];
    const report = await runServerCases({
      baseUrl: server.url,
      apiKey,
      only: "transport/malformed-json",
      onResult: (result) => results.push(result),
    });
    expect(results).toHaveLength(4);
    expect(results).toEqual(report.cases);
  });

  it("leaves out the cases that are less sure than wanted", async () => {
    const report = await runServerCases({ baseUrl: server.url, apiKey, grade: "reference" });
    expect(report.passed).toBeGreaterThan(0);
    expect(new Set(report.cases.map(({ grade }) => grade))).toEqual(new Set(["reference"]));
  });
});

describe("a signal", () => {
  it("stops the run with its own reason", async () => {
    const reason = new Error("enough");
    const stop = new AbortController();
    const run = runServerCases({
      baseUrl: server.url,
      apiKey,
      signal: stop.signal,
      onResult: () => stop.abort(reason),
    });
    await expect(run).rejects.toBe(reason);
  });

  it("stops a request that is under way", async () => {
    const stop = new AbortController();
    const run = runAgainst(() => stop.abort(new Error("enough")), { signal: stop.signal });
    await expect(run).rejects.toThrow("enough");
  });

  it("leaves no order on", async () => {
    const stop = new AbortController();
    const stopping = await startReferenceServer((listener) => (request, response) => {
      if (request.method === "POST") stop.abort();
      listener(request, response);
    });
    try {
      const run = runServerCases({ baseUrl: stopping.url, apiKey, signal: stop.signal });
      await expect(run).rejects.toThrow();
      expect(stopping.switched).toEqual(["11111 on", "11111 off"]);
    } finally {
      await stopping.close();
    }
  });
});

const failure = {
  success: false,
  proxyType: null,
  rentPeriodDays: 0,
  quantity: 0,
  ipAddressIds: [],
  balance: 5,
  currency: "USD",
};

function answering(body: object): RequestListener {
  return (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ ...failure, ...body }));
  };
}

/** Runs one case against a server that answers POST in its own way. */
async function runAgainst(post: RequestListener, target: Partial<ServerTarget> = {}) {
  const broken = await startReferenceServer(
    (listener) => (request, response) =>
      request.method === "POST" ? post(request, response) : listener(request, response),
  );
  try {
    return await runServerCases({ baseUrl: broken.url, apiKey, only: failing, ...target });
  } finally {
    await broken.close();
  }
}

/** A target that seems to be somewhere else, and is the reference server. */
function abroad({
  onRequest,
  ...target
}: Partial<ServerTarget> & { onRequest?: (body: string) => void }): ServerTarget {
  return {
    baseUrl: "https://provider.test",
    apiKey,
    ...target,
    fetch(input, init) {
      onRequest?.(init?.body instanceof Uint8Array ? new TextDecoder().decode(init.body) : "");
      const { pathname } = new URL(String(input));
      return fetch(server.url + pathname, init);
    },
  };
}

function resultOf({ cases }: { cases: readonly ServerCaseResult[] }, id: string): ServerCaseResult {
  const result = cases.find((candidate) => candidate.id === id);
  if (!result) throw new RangeError(`There is no case ${id}.`);
  return result;
}
