import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatServerReport, runServerCases, serverCases } from "@auto-extend/contract-tests";
import { fillPath, getBalance, setAutoExtend, specOf } from "@auto-extend/core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { twoPeriods } from "../conformance/world.js";
import { describeWith } from "../debian-package.js";
import { type Running, start } from "../execute.js";
import { freePort, freePorts } from "../ports.js";
import { countingWorld } from "../state/counting.js";
import { killPrograms, type Program, startProgram, stopAmidWrite, unfinished } from "../state/program.js";

const example = new URL("../../../../examples/several-mocks/nginx.conf", import.meta.url);
const mockCount = 4;
/** Enough for each mock to have several of them. */
const keys = Array.from({ length: 24 }, (_, index) => `key-${index}`);

/** With an account more, which takes long to save. */
const world = { ...twoPeriods, accounts: [...twoPeriods.accounts, ...countingWorld(1_200_000).accounts] };

let folder: string;
let ports: number[];
let mocks: Program[];
let nginx: Running;
let url: string;

describeWith("nginx", "four mocks behind nginx", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "auto-extend-nginx-"));
    await writeFile(join(folder, "world.json"), JSON.stringify(world));
    ports = await freePorts(mockCount);
    mocks = await Promise.all(ports.map((_, index) => startMock(index)));
    url = await startNginx();
  });

  afterAll(async () => {
    nginx.kill("SIGQUIT");
    await nginx;
    killPrograms();
    await rm(folder, { recursive: true });
  });

  it("keep every promise of the contract", async () => {
    const report = await runServerCases({ baseUrl: url, apiKey: "contract-key" });
    expect(formatServerReport(report)).toMatch(new RegExp(`\n${serverCases.length} passed\n$`));
    expect(report).toMatchObject({ contradicted: [], remarks: [], notRestored: [] });
  });

  it("have the accounts of different API keys, each of which always reaches the same mock", async () => {
    for (const key of keys) await expectSwitched(key);
    for (const key of keys) expect(await balanceStatus(key)).toBe(200);
    const accounts = await Promise.all(mocks.map(accountsOf));
    expect(accounts.flat()).toHaveLength(new Set(accounts.flat()).size);
    expect(accounts.flat()).toEqual(expect.arrayContaining(await Promise.all(keys.map(accountOf))));
    for (const own of accounts) expect(own.length).toBeGreaterThan(0);
  });

  it("are reached by control calls that name an API key or an account", async () => {
    for (const key of keys) {
      const account = await accountOf(key);
      const ofKey = await control("/requests", { headers: { "mock-api-key": key } });
      const ofAccount = await control(`/requests?account=${account}`);
      expect(ofKey.requests.length).toBeGreaterThan(0);
      expect(ofAccount).toEqual(ofKey);
      const queued = await fetch(`${url}/__mock/faults?account=${account}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ preset: "server-error", times: 1 }),
      });
      expect(queued.status).toBe(201);
      expect(await balanceStatus(key)).toBe(500);
      expect(await balanceStatus(key)).toBe(200);
    }
    expect((await fetch(`${url}/__mock/requests?account=nobody`)).status).toBe(404);
  });

  it("keep the date by the clock of the mock", async () => {
    const date = async (base: string) => (await fetch(`${base}/client/api/v1/x/balance`)).headers.get("date");
    await Promise.all(
      mocks.map((mock) =>
        fetch(`${mock.url}/__mock/clock`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ freeze: true }),
        }),
      ),
    );
    expect(await Promise.all(mocks.map((mock) => date(mock.url)))).toContain(await date(url));
  });

  it("lose only the accounts of one that is killed while it saves, and have them again once it is back", async () => {
    const own = await keysOf(0);
    const others = keys.filter((key) => !own.includes(key));
    await vi.waitFor(async () => expect(await savedOrders(0)).toBe(own.length), { timeout: 30_000 });
    const [mock] = mocks as [Program];
    const [account] = await accountsOf(mock);
    let isKilled = false;
    const switching = (async () => {
      for (let count = 0; !isKilled; count += 1) await switchOrder(own[0] ?? "", "MOBILE", count % 2 === 0);
    })();
    await stopAmidWrite(mock, stateFile(0));
    // One that does not answer at all holds up nobody else.
    for (const key of others) expect(await balanceStatus(key)).toBe(200);
    isKilled = true;
    await mock.kill();
    await switching;
    expect(await unfinished(stateFile(0))).toHaveLength(1);
    for (const key of own) {
      expect(await balanceStatus(key)).toBe(502);
      const headers = { "mock-api-key": key };
      expect((await fetch(`${url}/__mock/state`, { headers })).status).toBe(502);
    }
    // Whichever mock was asked last.
    expect([404, 502]).toContain((await fetch(`${url}/__mock/state?account=${account}`)).status);
    for (const key of others) expect(await balanceStatus(key)).toBe(200);
    mocks[0] = await startMock(0);
    for (const key of own) {
      const { accounts } = await control("/state", { headers: { "mock-api-key": key } });
      expect(accounts[0].orders[0].ipAddresses[0]).toMatchObject({ autoExtend: true });
    }
  });
});

function startMock(index: number): Promise<Program> {
  const port = ["--port", String(ports[index])];
  return startProgram(["--world", join(folder, "world.json"), "--state", stateFile(index), ...port]);
}

function stateFile(index: number): string {
  return join(folder, `state-${index}.json`);
}

/** Starts nginx with the example's configuration, on ports that are free. */
async function startNginx(): Promise<string> {
  const port = await freePort();
  let configuration = await readFile(example, "utf8");
  for (const [index, mock] of mocks.entries()) {
    configuration = configuration.replace(`127.0.0.1:401${index + 1} `, `${new URL(mock.url).host} `);
  }
  configuration = configuration.replace("listen 127.0.0.1:4010;", `listen 127.0.0.1:${port};`);
  const file = join(folder, "nginx.conf");
  await writeFile(file, configuration);
  await mkdir(join(folder, "nginx"));
  nginx = start("nginx", ["-p", join(folder, "nginx"), "-c", file, "-g", "daemon off;"], { cwd: folder });
  const listening = `http://127.0.0.1:${port}`;
  await vi.waitFor(() => fetch(`${listening}/__mock/health`), { timeout: 30_000, interval: 20 });
  return listening;
}

async function expectSwitched(apiKey: string): Promise<void> {
  expect(await (await switchOrder(apiKey, "IPv4", true)).json()).toMatchObject({ success: true });
}

function switchOrder(apiKey: string, type: "IPv4" | "MOBILE", autoExtend: boolean): Promise<Response> {
  const { request } = specOf(setAutoExtend).examples.requests[type];
  return fetch(url + fillPath(setAutoExtend.path, { apiKey }), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...request, autoExtend }),
  });
}

async function balanceStatus(apiKey: string): Promise<number> {
  const { status, body } = await fetch(url + fillPath(getBalance.path, { apiKey }));
  await body?.cancel();
  return status;
}

/** The name of a key's account; it is made by the mock that the key reaches. */
async function accountOf(apiKey: string): Promise<string> {
  const { accounts } = await control("/state", { headers: { "mock-api-key": apiKey } });
  return accounts[0].id;
}

/** The accounts that a mock made for API keys. */
async function accountsOf(mock: Program): Promise<string[]> {
  const { accounts } = (await (await fetch(`${mock.url}/__mock/state`)).json()) as {
    accounts: { id: string }[];
  };
  return accounts.map(({ id }) => id).filter((id) => id.startsWith("account-"));
}

async function keysOf(index: number): Promise<string[]> {
  const accounts = await accountsOf(mocks[index] as Program);
  const named = await Promise.all(keys.map(async (key) => ({ key, account: await accountOf(key) })));
  return named.filter(({ account }) => accounts.includes(account)).map(({ key }) => key);
}

/** How many of a mock's accounts have, in its state file, an order with auto-extend on. */
async function savedOrders(index: number): Promise<number> {
  const text = await readFile(stateFile(index), "utf8");
  return text.match(/"autoExtend":\s*true/g)?.length ?? 0;
}

// biome-ignore lint/suspicious/noExplicitAny: the shapes are tested elsewhere.
async function control(path: string, init?: RequestInit): Promise<any> {
  return (await fetch(`${url}/__mock${path}`, init)).json();
}
