import { readFileSync } from "node:fs";
import { servers } from "@auto-extend/core";
import type { Express } from "express";
import request from "supertest";
import { describe, expect, it } from "vitest";
import { createControl } from "../../src/control-api/control.js";
import { controlRoutes } from "../../src/control-api/routes/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { withoutState } from "../../src/proxy/upstream.js";
import { testEngine } from "../support/call.js";
import { firstAccount, send, testApp } from "./mock.js";

const control = (engine: Engine = testEngine()): Express =>
  createControl(engine, { origins: new Set(), token: null }, (_, response) => response.end());
/** For requests that are refused, which change nothing. */
const refusing = testApp();
const document = JSON.parse(readFileSync(new URL("../../control-api.json", import.meta.url), "utf8"));

const all = controlRoutes.map((route) => ({
  ...route,
  title: `${route.method.toUpperCase()} ${route.path}`,
  target: route.path.replace("{id}", "last"),
}));
// A stream has no end to wait for; it has tests of its own.
const ending = all.filter(({ id }) => id !== "watchEvents");

/** Method and path of every route that an Express application has below a path. */
function routesOf(app: Express, below: string): string[] {
  return app.router.stack.flatMap(({ route }) =>
    route?.path.startsWith(below)
      ? route.stack.flatMap(({ method }) =>
          // What takes the methods that are left has none.
          method ? [`${method.toUpperCase()} ${route.path.replace(/:(\w+)/, "{$1}")}`] : [],
        )
      : [],
  );
}

/** Those that read, change and remove something, for what no route decides itself. */
const some = all.filter(({ id }) => ["listRequests", "moveClock", "removeFault"].includes(id));

describe("the routes of the control API", () => {
  it("are exactly those that the document describes", () => {
    const documented = Object.entries<object>(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routesOf(control(), "/__mock").sort()).toEqual(documented.sort());
    expect(routesOf(control(), "/").filter((route) => !route.includes("/__mock"))).toEqual([
      "GET /docs",
      "GET /docs-control",
      "GET /openapi.json",
    ]);
  });

  it("have unique names", () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it("serve their document as the package ships it, except for the URL of the mock", async () => {
    const get = request(testApp()).get("/__mock/openapi.json");
    const { body, headers } = await get.expect(200);
    expect(headers["content-type"]).toContain("application/json");
    expect(document.servers).toEqual([servers.mock]);
    expect(body).toEqual({ ...document, servers: [{ ...servers.mock, url: new URL(get.url).origin }] });
  });

  it.each(all)("$title names an unknown query parameter", async ({ method, target }) => {
    const { body } = await request(refusing)[method](`${target}?acount=first`).expect(400);
    expect(body.detail).toContain('"acount"');
  });

  it.each(some)(
    "$title dates its answers by the mock's clock, problems as well",
    async ({ method, target }) => {
      const mock = testApp();
      const dates = [];
      for (const query of ["", "?acount=first"]) {
        const { headers } = await request(mock)[method](target + query);
        dates.push(headers.date);
      }
      expect(dates).toEqual(dates.map(() => "Tue, 01 Jan 2030 00:00:00 GMT"));
    },
  );

  it.each(all)("$title answers under loopback names only", async ({ method, target }) => {
    await request(refusing)[method](target).set("host", "evil.example").expect(403);
  });

  it.each(all.filter(({ accountScoped }) => accountScoped))(
    "$title refuses an unknown account",
    async (route) => {
      const ask = (query = "") => request(refusing)[route.method](route.target + query);
      expect((await ask("?account=nobody").expect(404)).text).toContain("There is no account");
      expect((await ask("?account=default&account=default").expect(400)).text).toContain("account: must be");
      expect((await ask().set("mock-api-key", "unknown-api-key").expect(404)).text).toContain(
        "has no account",
      );
    },
  );

  it.each(all.filter(({ body }) => body))("$title accepts JSON only", async ({ method, target }) => {
    const ask = (type: string, body: string) =>
      request(refusing)[method](target).set("content-type", type).send(body);
    await ask("text/plain", "{}").expect(415);
    await ask("application/json", "{").expect(400);
  });

  it.each([...new Set(all.map(({ target }) => target))])(
    "%s refuses other methods, and says which it allows",
    async (target) => {
      const { headers, text } = await request(refusing).patch(target).expect(405);
      expect(headers["content-type"]).toBe("application/problem+json");
      expect(JSON.parse(text).status).toBe(405);
      const methods = all
        .filter((route) => route.target === target)
        .map(({ method }) => method.toUpperCase());
      expect(headers.allow).toBe(methods.join(", "));
    },
  );

  it.each(["/__mock", "/__mock/nowhere", "/__mock/faults/1/2", "/__mock/requests/%E0"])(
    "lead nowhere at %s",
    async (path) => {
      const { headers } = await request(refusing).get(path).expect(404);
      expect(headers["content-type"]).toBe("application/problem+json");
    },
  );

  it.each(ending)("$title never shows API keys", async ({ method, target, body }) => {
    const key = "canary-key-01";
    const mock = testApp({ world: { version: 1, accounts: [{ ...firstAccount, apiKey: key }] } });
    await send(mock, { apiKey: key, orderIds: [key] });
    const shown: string[] = [];
    const [example] = Object.values(body?.examples ?? {});
    for (const sent of [example, { [key]: key }, [key]]) {
      for (const query of ["", `?${key}=1`, `?account=${key}`, `?orderId=${key}&outcome=${key}`]) {
        const asked = request(mock)
          [method](target + query)
          .set("mock-api-key", key);
        const { text, headers } = body ? await asked.send(sent as object) : await asked;
        shown.push(text, JSON.stringify(headers));
      }
    }
    expect(shown.join()).not.toContain("canary");
  });

  it("say how long a small state is, as every answer of one piece does", async () => {
    const { headers, text } = await request(control(testEngine())).get("/__mock/state").expect(200);
    expect(headers["content-length"]).toBe(String(Buffer.byteLength(text)));
    expect(headers["transfer-encoding"]).toBeUndefined();
  });

  it("report a bug in the mock as one", async () => {
    const broken = {
      ...testEngine(),
      state: () => {
        throw new RangeError("out of order");
      },
    };
    const { text } = await request(control(broken)).get("/__mock/state").expect(500);
    expect(JSON.parse(text).detail).toMatch(/bug in the mock.*out of order/);
  });

  it.each(["get /__mock/state", "put /__mock/state", "get /__mock/clock", "post /__mock/clock"])(
    "say that a mock which forwards requests has no state: %s",
    async (route) => {
      const [method, path] = route.split(" ") as ["get" | "put" | "post", string];
      const ask = request(control(withoutState(testEngine())))[method](path);
      const { text } = await (method === "get" ? ask : ask.send({ freeze: true })).expect(501);
      expect(JSON.parse(text).detail).toContain("forwards requests");
    },
  );
});
