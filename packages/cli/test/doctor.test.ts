import { describe, expect, it } from "vitest";
import { type AccountServer, serveAccount } from "./support/account.js";
import { canary, runCli, runJson } from "./support/cli.js";
import { answer, deadUrl, failure } from "./support/server.js";

async function examined(url: string, fetch?: typeof globalThis.fetch) {
  const output = await runJson(["doctor", "--base-url", url], fetch ? { fetch } : {});
  const { checks } = output.result as {
    checks: { id: string; state: string; found: string; whatToDo: string | null }[];
  };
  return { ...output, checks, states: Object.fromEntries(checks.map(({ id, state }) => [id, state])) };
}

/** Answers a path with something else. */
function instead(server: AccountServer, part: string, body: unknown, status = 200): void {
  server.account.instead = (response, { url }) => {
    if (!url.includes(part)) return false;
    answer(response, body, status);
    return true;
  };
}

describe("doctor", () => {
  it("finds nothing wrong with a correct server, by requests that only read", async () => {
    const server = await serveAccount({ now: new Date() });
    const { exitCode, states } = await examined(server.url);
    expect(exitCode).toBe(0);
    expect(states).toEqual({
      server: "ok",
      tls: "skipped",
      "api-key": "ok",
      clock: "ok",
      drift: "ok",
      orders: "ok",
    });
    expect(new Set(server.seen.map(({ method }) => method))).toEqual(new Set(["GET"]));
    const { stdout } = await runCli(["doctor", "--base-url", server.url]);
    expect(stdout).toContain("ok       drift    The answers to harmless requests follow the contract.\n");
    expect(stdout).toContain("ok       orders   5 orders with 7 IP addresses can be read.\n");
  });

  it("says that nothing listens there, and what to do", async () => {
    const { exitCode, checks, states } = await examined(await deadUrl());
    expect(exitCode).toBe(5);
    expect(states).toMatchObject({
      server: "failed",
      "api-key": "skipped",
      clock: "skipped",
      drift: "skipped",
    });
    expect(checks[0]?.found).toContain("does not answer");
    expect(checks[0]?.whatToDo).toContain("--base-url");
  });

  it("does not look for a certificate if no host answers", async () => {
    const { states } = await examined((await deadUrl()).replace("http:", "https:"));
    expect(states).toMatchObject({ server: "failed", tls: "skipped" });
  });

  it("distinguishes another server from one that is not there", async () => {
    const server = await serveAccount();
    instead(server, "/balance", "<html>", 404);
    const { exitCode, checks, states } = await examined(server.url);
    expect(exitCode).toBe(4);
    expect(states.server).toBe("failed");
    expect(checks[0]?.found).toContain("not as the API does");
  });

  it.each([
    ["", "AUTO_EXTEND_API_KEY is empty, as when a shell variable is not set."],
    [undefined, "There is no API key."],
  ])("checks what it can without an API key (%j)", async (key, found) => {
    const server = await serveAccount();
    instead(server, "/balance", { ...failure(2, "Error api key") });
    const env = { AUTO_EXTEND_API_KEY: key } as unknown as Record<string, string>;
    const { exitCode, result } = await runJson(["doctor", "--base-url", server.url], { env });
    expect(exitCode).toBe(2);
    expect(result).toMatchObject({
      checks: expect.arrayContaining([
        expect.objectContaining({ id: "server", state: "ok" }),
        expect.objectContaining({ id: "api-key", state: "failed", found }),
      ]),
    });
  });

  it("says that the API key is not accepted", async () => {
    const server = await serveAccount();
    instead(server, "/balance", { ...failure(2, "Error api key") });
    const { exitCode, checks, states } = await examined(server.url);
    expect(exitCode).toBe(1);
    expect(states).toMatchObject({ server: "ok", "api-key": "failed", orders: "skipped" });
    expect(checks.find(({ id }) => id === "api-key")?.found).toBe("The API key is not accepted.");
  });

  it("passes on another refusal as it came", async () => {
    const server = await serveAccount();
    instead(server, "/balance", failure(99, "Come back later"));
    const { checks } = await examined(server.url);
    expect(checks.find(({ id }) => id === "server")?.found).toContain("Come back later");
    // The error says nothing about the key.
    expect(checks.find(({ id }) => id === "api-key")).toMatchObject({ state: "skipped" });
  });

  it.each([
    // A busy machine takes a second more.
    [600, /is (10 minutes|9 minutes 5[89] seconds) ahead of/],
    [-600, /is 10 minutes( [12] seconds?)? behind/],
  ])("reports a clock that is off by %i seconds", async (seconds, words) => {
    const server = await serveAccount({ now: new Date(Date.now() + seconds * 1000 + 500) });
    const { exitCode, checks, states } = await examined(server.url);
    expect(exitCode).toBe(0);
    expect(states.clock).toBe("warning");
    expect(checks.find(({ id }) => id === "clock")?.found).toMatch(words);
  });

  it("names what contradicts the contract in answers that can be used", async () => {
    const server = await serveAccount({ now: new Date() });
    instead(server, "/balance", { success: true, balance: 5, currencyCode: null, error: null, extra: 1 });
    const { exitCode, checks, states } = await examined(server.url);
    expect(exitCode).toBe(0);
    expect(states).toMatchObject({ drift: "warning", orders: "ok" });
    const { found } = checks.find(({ id }) => id === "drift") ?? {};
    expect(found).toContain("getBalance: currencyCode");
    expect(found).toContain("extra");
  });

  it("names what the mock would answer differently, which contradicts nothing", async () => {
    const server = await serveAccount({ now: new Date() });
    instead(server, "/balance", { success: true, balance: 5, currencyCode: "USD", error: null, extra: 1 });
    const { exitCode, checks, states } = await examined(server.url);
    expect(exitCode).toBe(0);
    expect(states.drift).toBe("ok");
    expect(checks.find(({ id }) => id === "drift")?.found).toBe(
      "The answers to harmless requests follow the contract. They differ from those of the mock: getBalance: extra is an unknown field.",
    );
  });

  it("names another status or media type of an answer that can be used", async () => {
    const server = await serveAccount({ now: new Date() });
    instead(server, "/balance", { success: true, balance: 5, currencyCode: "USD", error: null }, 201);
    const { checks, states } = await examined(server.url);
    expect(states.drift).toBe("warning");
    expect(checks.find(({ id }) => id === "drift")?.found).toContain(
      "getBalance: status must be 200; it is 201",
    );
  });

  it("fails if an answer cannot be used, and ends with 4", async () => {
    const server = await serveAccount({ now: new Date() });
    instead(server, "/rentPeriod", { success: true, rentPeriodDays: ["30"], error: null });
    const { exitCode, checks, states } = await examined(server.url);
    expect(exitCode).toBe(4);
    expect(states).toMatchObject({ server: "ok", drift: "failed", orders: "ok" });
    expect(checks.find(({ id }) => id === "drift")?.found).toContain("getRentPeriods of IPv4: ");
  });

  it("names a list that announces more than it contains", async () => {
    const server = await serveAccount({ now: new Date() });
    const list = [{ ipAddressId: "1", orderId: "1" }];
    instead(server, "/ipAddress", { success: true, list, pages: 3, error: null });
    const { states, checks } = await examined(server.url);
    expect(states.drift).toBe("warning");
    expect(checks.find(({ id }) => id === "drift")?.found).toContain(
      "listIpAddresses: pages announces 3 pages",
    );
  });

  it("shows neither the API key nor credentials that an answer repeats", async () => {
    const server = await serveAccount({ now: new Date() });
    const secrets = { [canary]: canary, rebootLink: "https://modem.example/?token=secret-to-look-for" };
    const record = { ipAddressId: secrets, orderId: "1", authInfo: { password: "secret-to-look-for" } };
    instead(server, "/ipAddress", { success: true, list: [record, { ...record, ipAddressId: "1" }] });
    const { stdout, stderr } = await runCli(["doctor", "--base-url", server.url]);
    expect(stdout).toContain("orders");
    expect(stdout + stderr).not.toMatch(new RegExp(`${canary}|secret-to-look-for`));
  });

  it("names rental periods that are not available", async () => {
    const server = await serveAccount({ now: new Date() });
    instead(server, "/rentPeriod", failure(35, "Unknown error"));
    const { checks } = await examined(server.url);
    expect(checks.find(({ id }) => id === "drift")?.found).toContain("getRentPeriods of IPv4: ");
  });

  it("says how to work without a list that is not available, or cannot be read", async () => {
    const server = await serveAccount({ now: new Date() });
    instead(server, "/ipAddress", {}, 404);
    const none = await examined(server.url);
    expect(none.exitCode).toBe(4);
    expect(none.checks.find(({ id }) => id === "orders")?.whatToDo).toContain("--no-read-back");
    const list = [{ ipAddressId: "1", orderId: "1" }, { ipAddressId: "2" }];
    instead(server, "/ipAddress", { success: true, list });
    const some = await examined(server.url);
    expect(some.states.orders).toBe("warning");
    expect(some.checks.find(({ id }) => id === "orders")?.found).toContain("1 record cannot: list[1]");
  });

  it("skips what it cannot check: TLS behind a fetch function, the clock of a server that does not send its time", async () => {
    const server = await serveAccount();
    const { checks, states } = await examined("https://api.example", async (input, init) => {
      const response = await fetch(String(input).replace("https://api.example", server.url), init);
      const headers = new Headers(response.headers);
      headers.delete("date");
      return new Response(response.body, { status: response.status, headers });
    });
    expect(states).toMatchObject({ server: "ok", tls: "skipped", clock: "skipped" });
    expect(checks.find(({ id }) => id === "tls")?.found).toContain("proxy");
  });
});
