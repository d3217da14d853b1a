import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { servers } from "@auto-extend/core";
import express from "express";
import request from "supertest";
import { describe, expect, it, onTestFinished } from "vitest";
import { createApp, type MockApp, type MockOptions } from "../../src/index.js";
import { accountIdOf, on, testNow } from "../support/call.js";

const app = (options: MockOptions = {}) => createApp({ now: () => testNow, ...options });
const path = (apiKey: string) => `/client/api/v1/${apiKey}/extend/order/auto`;
const switchOn = (mock: MockApp, apiKey: string) => request(mock).post(path(apiKey)).send(on).expect(200);

describe("the listener", () => {
  it("serves the operation under supertest, dated by the mock's clock", async () => {
    const { headers, text } = await switchOn(app(), "any-key");
    expect(headers.date).toBe("Tue, 01 Jan 2030 00:00:00 GMT");
    expect(headers["content-length"]).toBe(String(text.length));
    expect(text).toContain('"ipAddressIds":["1111111111111111111"]');
  });

  it("can be controlled by a test in its own process", async () => {
    const mock = app();
    await switchOn(mock, "first-key");
    await switchOn(mock, "other-key");
    expect(mock.requests({ apiKey: "other-key" })).toHaveLength(1);
    expect(mock.state({ account: accountIdOf("first-key") }).accounts).toHaveLength(1);
    mock.reset({ apiKey: "other-key" });
    expect(mock.requests()).toHaveLength(1);
    mock.putState({ version: 1, accounts: mock.state().accounts.map((each) => ({ ...each, balance: 1 })) });
    expect((await switchOn(mock, "first-key")).body.balance).toBe(1);
    expect(() => mock.state({ account: "nobody" })).toThrow(
      'There is no account with the ID "nobody". Known: default',
    );
    expect(() => mock.state({ apiKey: "unknown-api-key" })).toThrow("has no account");
  });

  it("refuses an invalid world", () => {
    const world = { version: 1, accounts: [] } as const;
    expect(() => createApp({ world: { ...world, accounts: [] } })).toThrow("accounts");
  });
});

describe("the control API", () => {
  it("reports that it serves", async () => {
    const { body } = await request(app()).get("/__mock/health").expect(200);
    expect(body).toEqual({ status: "ok", run: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it("says where its paths are listed if it has no such path", async () => {
    const { body } = await request(app()).get("/__mock/nowhere").expect(404);
    expect(body.detail).toBe("The control API has no such path. GET /__mock/openapi.json lists its paths.");
  });

  it("can be narrowed to one account by its ID, or by its API key in a header", async () => {
    const mock = app();
    await switchOn(mock, "first-key");
    const { headers } = await switchOn(mock, "other-key");
    const byId = await request(mock).get(`/__mock/requests?account=${headers["mock-account"]}`).expect(200);
    const byKey = await request(mock).get("/__mock/requests").set("mock-api-key", "other-key").expect(200);
    expect(byId.body.requests).toHaveLength(1);
    expect(byKey.body).toEqual(byId.body);
    await request(mock)
      .delete(`/__mock/requests?account=${accountIdOf("first-key")}`)
      .expect(204);
    expect(mock.requests().map(({ account }) => account)).toEqual([accountIdOf("other-key")]);
    await request(mock).post("/__mock/reset").set("mock-api-key", "other-key").expect(204);
    expect(
      mock.state({ account: accountIdOf("other-key") }).accounts[0]?.orders[0]?.ipAddresses[0]?.autoExtend,
    ).toBe(false);
    expect(
      mock.state({ account: accountIdOf("first-key") }).accounts[0]?.orders[0]?.ipAddresses[0]?.autoExtend,
    ).toBe(true);
  });

  it("prepares the account of an API key before its first request", async () => {
    const mock = app();
    const mine = request(mock).get("/__mock/state").set("mock-api-key", "new-key");
    const { body } = await mine.expect(200);
    body.accounts[0].balance = 0.25;
    await request(mock).put("/__mock/state").set("mock-api-key", "new-key").send(body).expect(200);
    expect((await switchOn(mock, "new-key")).body.balance).toBe(0.25);
  });

  it("shows a request that went to a wrong base URL, without its API key", async () => {
    const mock = app();
    await request(mock)
      .post("/v2/client/api/v1/canary-key-01/extend/order/auto?k=canary-key-01")
      .send(on)
      .expect(404);
    expect(mock.requests()).toMatchObject([
      { path: "/v2/client/api/v1/[redacted]/extend/order/auto?k=[redacted]", status: 404 },
    ]);
  });

  it("quotes nothing of a world that is not JSON", async () => {
    const broken = request(app()).put("/__mock/state").set("content-type", "application/json");
    const { text } = await broken.send('{"apiKey":canary-key-01}').expect(400);
    expect(text).not.toContain("canary");
  });

  it.each([
    ["JSON", express.json()],
    ["text", express.text({ type: "*/*" })],
    ["bytes", express.raw({ type: "*/*" })],
    ["JSON that is read-only", asGetter],
  ])("takes what a parser in front of the mock has read as %s", async (_, parser) => {
    const mock = app();
    const host = express().use(parser).use(mock);
    await request(host)
      .post("/__mock/faults")
      .send({ preset: "slow", options: { ms: 5 } })
      .expect(201);
    expect(mock.faults.list()).toMatchObject([{ preset: "slow", options: { ms: 5 } }]);
    await request(host).post("/__mock/reset").expect(204);
    expect(mock.faults.list()).toEqual([]);
    const world = request(host).put("/__mock/state").set("content-type", "application/json");
    const { body } = await world.send('{ "version": 1,\n"accounts": [] }').expect(400);
    expect(body.issues).toMatchObject([{ path: "accounts" }]);
  });

  it.each([
    ["is lost", undefined],
    ["is a stream", Readable.from("{}")],
    ["is a promise", Promise.resolve({})],
  ])("says so if a body was read in front of the mock and %s", async (_, left) => {
    const drain: express.RequestHandler = (incoming, _, next) => {
      incoming.resume().on("end", () => {
        incoming.body = left;
        next();
      });
    };
    const host = express().use(drain).use(app());
    const { body } = await request(host).post("/__mock/faults").send({ preset: "slow" }).expect(500);
    expect(body.detail).toContain("mount the mock before it");
    await request(host).post("/__mock/reset").expect(204);
  });

  it.each([
    ["a moved clock", { advance: { days: 120 } }],
    ["a clock that was not moved", undefined],
  ] as const)("takes a saved state back after a reset or a jump, time included: %s", async (_, jump) => {
    const mock = app();
    const move = (command: object) => request(mock).post("/__mock/clock").send(command).expect(200);
    await switchOn(mock, "any-key");
    if (jump) await move(jump);
    const all = async () => {
      const paths = ["state", "clock", "accounts", "orders?account=default", "forecast?account=default"];
      return await Promise.all(paths.map(async (path) => (await request(mock).get(`/__mock/${path}`)).body));
    };
    const [saved, ...rest] = await all();
    await request(mock).post("/__mock/reset").expect(204);
    for (const command of [{ freeze: true }, { advance: { days: 500 } }, { resume: true }]) {
      await move(command);
      const { body } = await request(mock).put("/__mock/state").send(saved).expect(200);
      expect(body).toEqual(saved);
    }
    expect(await all()).toEqual([saved, ...rest]);
  });

  it("keeps the clock when one account is put, whatever its world says", async () => {
    const mock = app();
    const before = mock.state();
    const { body } = await request(mock)
      .put("/__mock/state?account=default")
      .send({ ...before, startsAt: "2029-01-01T00:00:00Z" })
      .expect(200);
    expect(body).not.toHaveProperty("startsAt");
    expect(mock.state()).toEqual(before);
  });

  it("says the place of what cannot be read as data, and the ID of each problem", async () => {
    const broken = request(app()).post("/__mock/state/check").type("json").send('{\n"version": 1,, }');
    expect((await broken.expect(400)).body).toMatchObject({
      id: "transport/malformed-json",
      issues: [{ part: "body", line: 2, column: 14 }],
    });
    const query = await request(app()).get("/__mock/requests?limit=x&nonsense=1").expect(400);
    expect(query.body).toMatchObject({ id: "mock/query", issues: [{ path: "limit" }, { path: "" }] });
    expect(query.body.detail).toContain('unknown parameter "nonsense"');
    for (const path of ["/__mock/accounts/search", "/__mock/operations"]) {
      const { body } = await request(app()).post(path).send({}).expect(400);
      expect(body.id).toBe("mock/body");
    }
    const token = await request(app({ controlToken: "a-token" }))
      .get("/__mock/requests")
      .expect(403);
    expect(token.body.id).toBe("mock/no-control-token");
  });

  it("lists all problems of a world, when it is put and when it is only checked", async () => {
    const world = { version: 1, accounts: [{}] };
    const { body } = await request(app()).put("/__mock/state").send(world).expect(400);
    expect(body.issues.map((issue: { path: string }) => issue.path)).toContain("accounts[0].balance");
    expect(body.id).toBe("mock/world");
    expect(body.detail).toContain("accounts[0].balance");
    const checked = await request(app()).post("/__mock/state/check").send(world).expect(400);
    expect(checked.body).toEqual(body);
  });

  it("says what is in a world, and keeps the state", async () => {
    const mock = app();
    const [account] = mock.state().accounts;
    const before = mock.state();
    const world = { version: 1, accounts: [account, { ...account, id: "other", orders: [] }] };
    const check = async (sent: object) =>
      (await request(mock).post("/__mock/state/check").send(sent).expect(200)).body;
    const counts = { accounts: 2, orders: 6, addresses: 8 };
    expect(await check(world)).toEqual({ startsAt: null, ...counts });
    const startsAt = "2029-01-01T00:00:00.000Z";
    expect(await check({ ...world, startsAt })).toEqual({ startsAt, ...counts });
    expect(mock.state().accounts).toEqual(before.accounts);
  });

  it.each([
    ["put", "/__mock/state", "application/json", "{", 400],
    ["put", "/__mock/state", "text/plain", "{}", 415],
    ["post", "/__mock/reset", "application/x-www-form-urlencoded", "a=1", 415],
    ["put", "/__mock/health", "application/json", "{}", 405],
    ["post", "/__mock/state", "application/json", "{}", 405],
    ["patch", "/__mock/requests", "application/json", "{}", 405],
    ["delete", "/__mock/reset", "application/json", "{}", 405],
    ["get", "/nowhere", "application/json", "", 404],
    ["get", "/__mock/nowhere", "application/json", "", 404],
  ] as const)("answers %s %s of %s with a problem", async (method, target, type, sent, status) => {
    const response = await request(app())
      [method](target)
      .set("content-type", type)
      .send(sent || undefined);
    expect(response.status).toBe(status);
    expect(response.headers["content-type"]).toBe("application/problem+json");
    expect(JSON.parse(response.text)).toMatchObject({ status });
  });

  it("answers under loopback names only, so that no foreign name can be pointed at it", async () => {
    const mock = app();
    for (const host of [
      "localhost:4010",
      "[::1]:4010",
      "localhost.:4010",
      "LOCALHOST",
      "127.1",
      "127.8.8.8",
    ]) {
      await request(mock).get("/__mock/health").set("host", host).expect(200);
    }
    for (const host of [
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "evil@localhost",
      "evil/localhost",
    ]) {
      await request(mock).get("/__mock/health").set("host", host).expect(403);
    }
    const { text } = await request(mock).get("/__mock/health").set("host", "evil.example:4010").expect(403);
    expect(text).toContain("evil.example");
  });

  it("answers health checks in HTTP/1.0, which may have no Host", async () => {
    const server = createServer(app()).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.end("GET /__mock/health HTTP/1.0\r\n\r\n");
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 /);
  });

  it("takes requests from its own page, also over TLS", async () => {
    const overTls: express.RequestHandler = ({ socket }, _, next) => {
      Object.assign(socket, { encrypted: true });
      next();
    };
    const from = (scheme: string) =>
      request(express().use(overTls).use(app()))
        .get("/__mock/clock")
        .set({ host: "localhost:8443", origin: `${scheme}://localhost:8443` });
    await from("https").expect(200);
    await from("http").expect(403);
  });

  it.each([
    ["post", "/__mock/reset"],
    ["delete", "/__mock/requests"],
    ["delete", "/__mock/faults"],
  ] as const)("refuses a body that %s %s would ignore", async (method, path) => {
    const mock = app();
    await switchOn(mock, "any-key");
    const { body } = await request(mock)[method](path).send({ account: "default" }).expect(400);
    expect(body.detail).toContain("Name an account with ?account=ID");
    expect(mock.requests()).toHaveLength(1);
    await request(mock)[method](path).send({}).expect(204);
  });

  it("refuses pages of other origins", async () => {
    const from = (origin: string) =>
      request(app({ cors: ["http://localhost:5173"] }))
        .post("/__mock/reset")
        .set("origin", origin);
    await from("https://evil.example").expect(403);
    await from("null").expect(403);
    await from("http://localhost:5173").expect(204);
  });

  it.each(["Bearer", "bearer", "BEARER"])(
    "accepts the token in any spelling of its scheme: %s",
    async (scheme) => {
      const mock = createApp({ controlToken: "Token-1" });
      const asked = (token: string) =>
        request(mock).get("/__mock/requests").set("authorization", `${scheme} ${token}`);
      await asked("Token-1").expect(200);
      await asked("token-1").expect(403);
    },
  );

  it("requires its token of everyone if it has one", async () => {
    const mock = app({ controlToken: "control-token" });
    const ask = () => request(mock).get("/__mock/requests").set("host", "mock.internal");
    await ask().expect(403);
    await ask().set("authorization", "Bearer control-tokem").expect(403);
    await ask().set("authorization", "Bearer control-token").expect(200);
    await switchOn(mock, "any-key");
  });

  it("shows its health without the token, to what watches it, but not to pages of others", async () => {
    const mock = app({ controlToken: "control-token" });
    const ask = () => request(mock).get("/__mock/health").set("host", "mock.internal");
    await ask().expect(200);
    await ask().set("origin", "https://evil.example").expect(403);
  });
});

describe("CORS", () => {
  const preflight = (mock: MockApp, origin: string) =>
    request(mock)
      .options(path("any-key"))
      .set("origin", origin)
      .set("access-control-request-method", "POST")
      .set("access-control-request-headers", "content-type,prefer,x-trace-id");

  it("is off unless an origin is named", async () => {
    const { status, headers } = await preflight(app(), "http://localhost:5173");
    expect(status).toBe(405);
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });

  it("lets pages of a named origin in, and no others", async () => {
    const mock = app({ cors: ["http://localhost:5173"] });
    const { status, headers } = await preflight(mock, "http://localhost:5173");
    expect(status).toBe(204);
    expect(headers["access-control-allow-origin"]).toBe("http://localhost:5173");
    expect(headers["access-control-allow-headers"]).toBe("content-type,prefer,x-trace-id");
    const foreign = await preflight(mock, "http://localhost:9999");
    expect(foreign.status).toBe(405);
    expect(foreign.headers).not.toHaveProperty("access-control-allow-origin");
    expect(foreign.headers).toHaveProperty("mock-request-id");
    // An OPTIONS that asks for no method is no preflight.
    await request(mock).options(path("any-key")).set("origin", "http://localhost:5173").expect(405);
    const answer = await request(mock)
      .post(path("any-key"))
      .set("origin", "http://localhost:5173")
      .send(on)
      .expect(200);
    expect(answer.headers["access-control-allow-origin"]).toBe("http://localhost:5173");
    expect(answer.headers["access-control-expose-headers"]).toContain("preference-applied,retry-after,date");
  });
});

describe("the document", () => {
  const shipped = async () =>
    JSON.parse(await readFile(new URL("../../../../packages/core/openapi.json", import.meta.url), "utf8"));

  it("is served as core ships it, but for the URL of the mock", async () => {
    const get = request(app()).get("/openapi.json");
    const { body, headers } = await get.expect(200);
    expect(headers["content-type"]).toContain("application/json");
    const { servers: named, ...rest } = await shipped();
    const own = { ...servers.mock, url: new URL(get.url).origin };
    expect(body).toEqual({ ...rest, servers: [own, servers.live] });
    expect(named).toEqual([servers.mock, servers.live]);
  });

  it("names the URL under which the mock was reached", async () => {
    const mounted = express().use("/mock", app());
    const ask = (path: string) => request(mounted).get(path).set("host", "mock.test:8080");
    const { body } = await ask("/mock/openapi.json").expect(200);
    expect(body.servers.map(({ url }: { url: string }) => url)).toEqual([
      "http://mock.test:8080/mock",
      servers.live.url,
    ]);
  });

  it("has a page", async () => {
    const { text, headers } = await request(app()).get("/docs").expect(200);
    expect(headers["content-type"]).toContain("text/html");
    expect(text).toBe(await readFile(new URL("../../pages/api.html", import.meta.url), "utf8"));
    const [, shown = ""] = text.match(/<script type="application\/json" id="document">(.*)<\/script>/) ?? [];
    expect(JSON.parse(shown)).toEqual(await shipped());
  });

  it("has a page about the control API", async () => {
    const { text } = await request(app()).get("/docs-control").expect(200);
    const [, shown = ""] = text.match(/<script type="application\/json" id="document">(.*)<\/script>/) ?? [];
    const document = new URL("../../control-api.json", import.meta.url);
    expect(JSON.parse(shown)).toEqual(JSON.parse(await readFile(document, "utf8")));
  });
});

/** As frameworks do whose requests parse their body when it is first asked for. */
function asGetter(incoming: express.Request, response: express.Response, next: () => void): void {
  express.json()(incoming, response, () => {
    const { body } = incoming;
    Object.defineProperty(incoming, "body", { get: () => body });
    next();
  });
}
