import { describe, expect, it } from "vitest";
import { createApp, createMockFetch, startMockServer } from "../../src/index.js";
import { serving } from "../support/program.js";
import { answering, asked, path, send, startBehind, success } from "./behind.js";

/** Runs the program on a free port until it is ready, lets a test use it, and stops it. */
function ran(...[argv, ...rest]: Parameters<typeof serving>) {
  return serving(["--port", "0", ...argv], ...rest);
}

const drifting = answering({ ...success, "extra\u001b[2J": 1 });

describe("auto-extend-mock --upstream", () => {
  it("prints where requests go, and then their drift", async () => {
    const behind = await startBehind(drifting);
    const { code, out } = await ran(["--upstream", behind.url], (url) => send(url));
    const { host } = new URL(behind.url);
    expect(code).toBe(0);
    expect(out.split("\n")[0]).toMatch(/^auto-extend-mock ready at http:\/\/127\.0\.0\.1:\d+ \(forwards/);
    expect(out.split("\n")[0]).toContain(`(forwards requests to ${host})`);
    expect(out).toContain("POST setAutoExtend 200: the upstream server answered with a success\n");
    expect(out).toContain("\n         drift: answer [emits] extra: is an unknown field");
    expect(out).not.toContain("curl");
    expect(out).not.toContain("/__mock/state");
  });

  it("writes the same as JSON for programs", async () => {
    const behind = await startBehind(drifting);
    const { out } = await ran(["--upstream", behind.url, "--log", "json"], (url) => send(url));
    const [ready, request] = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(ready).toMatchObject({ event: "ready", upstream: new URL(behind.url).host });
    expect(request).toMatchObject({
      account: null,
      decided: { outcome: "forwarded" },
      drift: [{ direction: "answer", level: "emits" }],
    });
  });

  it("is read from the environment, too", async () => {
    const behind = await startBehind(answering(success));
    const env = { AUTO_EXTEND_MOCK_UPSTREAM: behind.url, AUTO_EXTEND_MOCK_ALLOW_HTTP: "true" };
    await ran([], (url) => send(url), env);
    expect(behind.got).toHaveLength(1);
    const { code, err } = await ran([], undefined, { AUTO_EXTEND_MOCK_ALLOW_HTTP: "perhaps" });
    expect(code).toBe(2);
    expect(err).toContain("AUTO_EXTEND_MOCK_ALLOW_HTTP");
  });

  const secret = "key-canary-0123456789";

  it.each([
    [[`http://user:${secret}@example.com`], "user name or password"],
    [[`https://example.com/?key=${secret}`], "query"],
    [[`https://example.com/client/api/v1/${secret}`], "must not contain /client/api"],
    [[`${secret}`], "valid http(s) URL"],
    [["http://example.com"], "--allow-http allows it anyway"],
    [["https://example.com", "--world", "world.json"], "--world can't be used together with --upstream"],
    [["https://example.com", "--state", "state.json"], "--state can't be used together with --upstream"],
    [["https://example.com", "--api-key", "key-1"], "--api-key can't be used together with --upstream"],
  ])("refuses what can't be followed, and says why: %j", async (argv, says) => {
    const { code, out, err } = await ran(["--upstream", ...argv]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(says);
    expect(err).toContain("--help");
    expect(err).not.toContain("canary");
  });

  it("allows plain http to another machine only on request", async () => {
    const { code, out } = await ran(["--upstream", "http://example.com", "--allow-http"]);
    expect(code).toBe(0);
    expect(out).toContain("(forwards requests to example.com)");
  });
});

describe("the option upstream", () => {
  it("is one of createApp and startMockServer, and of no fetch", async () => {
    const upstream = "http://example.com";
    expect(() => createApp({ upstream })).toThrow(/RangeError|upstream can't be used: it must use https/);
    expect(() => createApp({ upstream, upstreamAllowHttp: true })).not.toThrow();
    await expect(startMockServer({ upstream: "nowhere" })).rejects.toThrow(RangeError);
    expect(() => createMockFetch({ upstream } as object)).toThrow('unknown option "upstream"');
  });

  it("has no use for a world or API keys", () => {
    const upstream = "https://example.com";
    const world = { version: 1, accounts: [] } as const;
    expect(() => createApp({ upstream, apiKeys: ["key-1"] })).toThrow(
      "apiKeys can't be used together with upstream",
    );
    expect(() => createApp({ upstream, world: { ...world, accounts: [] } })).toThrow("world can't be used");
  });

  it("lets pages of a named origin in, whatever the server behind says of that", async () => {
    const behind = await startBehind((_, response) =>
      response
        .writeHead(200, { "access-control-allow-origin": "https://provider.example" })
        .end(JSON.stringify(success)),
    );
    const origin = "http://localhost:5173";
    await ran(["--upstream", behind.url, "--cors", origin], async (url) => {
      const came = await send(url, { headers: { "content-type": "application/json", origin } });
      expect(came.headers["access-control-allow-origin"]).toBe(origin);
      const preflight = await send(url, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST" },
        body: "",
      });
      expect(preflight.status).toBe(204);
    });
    expect(behind.got).toHaveLength(1);
  });

  it("leaves all paths outside the API to the mock", async () => {
    const behind = await startBehind(answering(success));
    await ran(["--upstream", behind.url], async (url) => {
      expect((await send(url, { method: "GET", path: "/__mock/health" })).json).toMatchObject({
        status: "ok",
      });
      expect((await send(url, { method: "GET", path: "/favicon.ico" })).status).toBe(404);
      expect((await send(url, { path: path.replace("/client", "") })).status).toBe(404);
    });
    expect(behind.got).toEqual([]);
  });

  it("ends by itself while a server behind does not answer", async () => {
    const behind = await startBehind(() => {});
    const mock = await startMockServer({ upstream: behind.url });
    const call = send(mock.url, { body: asked });
    await expect.poll(() => behind.got.length).toBe(1);
    const start = performance.now();
    await Promise.all([mock.close(), expect(call).rejects.toThrow()]);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
