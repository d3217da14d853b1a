import { chmod, lstat, mkdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import type { World } from "../../src/engine/state/world.js";
import { createApp } from "../../src/index.js";
import { openStateFile } from "../../src/store/state-file.js";
import { accountIdOf, call, off, on, testEngine, testNow } from "../support/call.js";
import { post, saved, startMock, stateFolder } from "./folder.js";

/** A world with one order that ends in 12 hours and is renewed then, if it can be paid. */
const renewing: World = {
  version: 1,
  accounts: [
    {
      id: "default",
      apiKey: "canary-world-key-77aa",
      balance: 5,
      currency: "USD",
      rentPeriods: { IPv4: [30] },
      prices: { IPv4: { 30: 0.8 } },
      orders: [
        {
          orderId: "11111",
          proxyType: "IPv4",
          endsAt: "+12h",
          ipAddresses: [{ ipAddressId: "1", ip: "192.0.2.11", country: "DE" }],
        },
      ],
    },
  ],
};

describe("a mock with a state file", () => {
  it("continues where it was closed", async () => {
    const { file } = await stateFolder();
    const first = await startMock({ stateFile: file });
    await post(first, "first-key");
    await post(first, "other-key", { ...on, orderIds: ["11111", "22222"] });
    first.putState({ ...first.state(), renewals: { leadTimeHours: 24 } });
    await post(first, "third-key");
    const { startsAt: _, ...state } = first.state();
    await first.close();
    const second = await startMock({ stateFile: file });
    expect(second.state()).toMatchObject(state);
  });

  it("gives the same API key the same account again, and a new one a new account", async () => {
    const { file } = await stateFolder();
    const first = await startMock({ stateFile: file });
    expect((await post(first, "first-key")).account).toBe(accountIdOf("first-key"));
    // What is refused changes nothing but which accounts there are.
    expect((await post(first, "other-key", { ...on, orderIds: ["nobody's"] })).account).toBe(
      accountIdOf("other-key"),
    );
    await first.close();
    const second = await startMock({ stateFile: file });
    expect((await post(second, "other-key")).account).toBe(accountIdOf("other-key"));
    expect((await post(second, "first-key", off)).account).toBe(accountIdOf("first-key"));
    expect((await post(second, "third-key")).account).toBe(accountIdOf("third-key"));
  });

  it("continues with a state that was put in, including its API keys", async () => {
    const { file } = await stateFolder();
    const first = await startMock({ stateFile: file });
    const [account] = first.state().accounts;
    first.putState({
      version: 1,
      accounts: [{ ...account, id: "mine", balance: 7, apiKey: "my-own-key" } as never],
    });
    await first.close();
    const second = await startMock({ stateFile: file });
    expect(await post(second, "my-own-key")).toMatchObject({ account: "mine", balance: 7 });
    expect((await post(second, "new-key")).error?.code).toBe(2);
  });

  it("uses the starting world for the first start and for resets, and the file for everything else", async () => {
    const { file } = await stateFolder();
    const world = (balance: number): World => ({
      version: 1,
      accounts: renewing.accounts.map(({ apiKey: _, ...account }) => ({ ...account, balance })),
    });
    const first = await startMock({ stateFile: file, world: world(7) });
    expect(await post(first, "my-key")).toMatchObject({ balance: 7 });
    await first.close();
    const second = await startMock({ stateFile: file, world: world(9) });
    expect(await post(second, "my-key")).toMatchObject({ balance: 7, account: accountIdOf("my-key") });
    second.reset();
    expect(await post(second, "another-key")).toMatchObject({
      balance: 9,
      account: accountIdOf("another-key"),
    });
    await second.close();
    const third = await startMock({ stateFile: file });
    expect(await post(third, "another-key")).toMatchObject({
      balance: 9,
      account: accountIdOf("another-key"),
    });
    expect((await post(third, "my-key")).account).toBe(accountIdOf("my-key"));
  });

  it("keeps neither the request log nor queued faults", async () => {
    const { file } = await stateFolder();
    const first = await startMock({ stateFile: file });
    await post(first, "first-key");
    first.faults.add({ preset: "gateway-502" });
    await first.close();
    const second = await startMock({ stateFile: file });
    expect(second.requests()).toEqual([]);
    expect(second.faults.list()).toEqual([]);
  });

  it("may have had all its accounts removed", async () => {
    const { file } = await stateFolder();
    const first = await startMock({ stateFile: file });
    const [account] = first.state().accounts;
    first.putState({ version: 1, accounts: [{ ...account, id: "later" } as never] });
    first.reset({ account: "later" });
    await first.close();
    const second = await startMock({ stateFile: file });
    expect(second.state().accounts).toEqual([]);
  });

  it("is an option of servers only, and only of those that have a state", async () => {
    expect(() => createApp({ stateFile: "state.json" } as object)).toThrow('unknown option "stateFile"');
    const upstream = "https://provider.example";
    await expect(startMock({ stateFile: "state.json", upstream })).rejects.toThrow("no state of its own");
  });
});

it("a change during the first write of a state file is in the next one", async () => {
  const { file } = await stateFolder();
  const state = openStateFile(file, () => {});
  const engine = testEngine({ onChange: () => state.changed() });
  // The first write has the state of this moment.
  const begun = state.begin(engine.save);
  call(engine, on);
  await begun;
  await vi.waitFor(async () => expect((await saved(file)).copies).toHaveLength(1), 20_000);
  await state.close();
});

describe("the clock of a mock with a state file", () => {
  it("continues while the mock is down: what fell due meanwhile has happened", async () => {
    const { file } = await stateFolder();
    const first = await startMock({ stateFile: file, world: renewing, now: () => testNow });
    await post(first, "canary-world-key-77aa");
    expect(first.clock.state().nextRenewal).toBe("2030-01-01T12:00:00.000Z");
    await first.close();

    const days = 24 * 3_600_000;
    const second = await startMock({ stateFile: file, now: () => testNow + 31 * days });
    expect(second.clock.state()).toMatchObject({
      now: "2030-02-01T00:00:00.000Z",
      nextRenewal: "2030-03-02T12:00:00.000Z",
    });
    const [account] = second.state().accounts;
    expect(account?.balance).toBe(3.4);
    expect(account?.orders[0]?.ipAddresses[0]).toMatchObject({ endsAt: "2030-03-02T12:00:00.000Z" });
  });

  it("lets nothing happen twice, however often the mock is started", async () => {
    const { file } = await stateFolder();
    const hour = 3_600_000;
    const whole = await startMock({ world: renewing, now: () => testNow });
    await post(whole, "canary-world-key-77aa");
    for (let start = 0; start < 12; start += 1) {
      const now = () => testNow + start * 5 * hour;
      const mock = await startMock({ stateFile: file, world: renewing, now });
      if (start === 0) await post(mock, "canary-world-key-77aa");
      // Half of the times nobody looks, and nothing is written.
      if (start % 2) mock.state();
      await mock.close();
    }
    whole.clock.advance({ hours: 55 });
    const last = await startMock({ stateFile: file, now: () => testNow + 55 * hour });
    expect(last.state()).toEqual(whole.state());
  });

  it("is as far ahead as before, and frozen if it was", async () => {
    const { file } = await stateFolder();
    const first = await startMock({ stateFile: file, now: () => testNow });
    first.clock.advance({ days: 3 });
    await first.close();
    const second = await startMock({ stateFile: file, now: () => testNow + 1_000 });
    expect(second.clock.state()).toMatchObject({ now: "2030-01-04T00:00:01.000Z", frozen: false });
    second.clock.freeze();
    await second.close();
    const third = await startMock({ stateFile: file, now: () => testNow + 50_000 });
    expect(third.clock.state()).toMatchObject({ now: "2030-01-04T00:00:01.000Z", frozen: true });
    third.reset();
    await third.close();
    const fourth = await startMock({ stateFile: file, now: () => testNow + 60_000 });
    expect(fourth.clock.state()).toMatchObject({ now: "2030-01-01T00:01:00.000Z", frozen: false });
  });

  it("remembers what could not be paid, until it could", async () => {
    const { file } = await stateFolder();
    const world = { ...renewing, renewals: { leadTimeHours: 6, retryHours: 1 } };
    const first = await startMock({ stateFile: file, world, now: () => testNow });
    await post(first, "canary-world-key-77aa");
    const poor = first.state();
    for (const account of poor.accounts) account.balance = 0;
    first.putState(poor);
    first.clock.advance({ hours: 7 });
    await first.close();
    const second = await startMock({ stateFile: file, world, now: () => testNow });
    const rich = second.state();
    expect(rich.accounts[0]?.orders[0]?.ipAddresses[0]?.failedAt).toBe("2030-01-01T07:00:00.000Z");
    for (const account of rich.accounts) account.balance = 5;
    second.putState(rich);
    second.clock.advance({ hours: 2 });
    const state = second.state();
    expect(state.accounts[0]?.balance).toBe(4.2);
    await second.close();
    const third = await startMock({ stateFile: file, world, now: () => testNow });
    expect(third.state()).toEqual(state);
  });
});

describe("a state file", () => {
  it("exists from the start, and only this user can read it", async () => {
    const { file, names } = await stateFolder();
    await startMock({ stateFile: file });
    expect(await saved(file)).toMatchObject({ format: "auto-extend-mock-state", version: 2 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await names()).toEqual(["state.json"]);
  });

  it.skipIf(process.platform === "win32")(
    "is made private to this user even if it was not before",
    async () => {
      const { file } = await stateFolder();
      const first = await startMock({ stateFile: file });
      await first.close();
      await chmod(file, 0o644);
      const second = await startMock({ stateFile: file });
      await post(second, "my-key");
      await second.close();
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    },
  );

  it("has a change after half a second, without a close", async () => {
    const { file } = await stateFolder();
    const mock = await startMock({ stateFile: file });
    await post(mock, "my-key");
    await sleep(100);
    expect((await saved(file)).copies).toEqual([]);
    await sleep(600);
    expect((await saved(file)).copies).toEqual([accountIdOf("my-key")]);
  });

  it("has the last change when close resolves, also one of a request that was under way", async () => {
    const { file, names } = await stateFolder();
    const mock = await startMock({ stateFile: file });
    const body = JSON.stringify(on);
    const slow = request(`${mock.url}/client/api/v1/slow-key/extend/order/auto`, {
      method: "POST",
      headers: { "content-type": "application/json", "content-length": body.length },
    });
    const answered = new Promise((resolve) => slow.on("response", resolve));
    slow.write(body.slice(0, 10));
    await sleep(50);
    const closed = mock.close();
    await sleep(50);
    slow.end(body.slice(10));
    await answered;
    await closed;
    const { accounts } = await saved(file);
    expect(accounts.at(-1)).toMatchObject({ id: accountIdOf("slow-key") });
    expect(accounts.at(-1).orders[0].ipAddresses[0].autoExtend).toBe(true);
    expect(await names()).toEqual(["state.json"]);
  });

  it("may be closed more than once", async () => {
    const { file } = await stateFolder();
    const mock = await startMock({ stateFile: file });
    await post(mock, "my-key");
    await Promise.all([mock.close(), mock.close()]);
    await mock.close();
    expect((await saved(file)).copies).toEqual([accountIdOf("my-key")]);
  });

  it("is not left behind by a mock that could not listen", async () => {
    const { file, names } = await stateFolder();
    const { port } = await startMock({});
    await expect(startMock({ stateFile: file, port })).rejects.toThrow("it is in use");
    expect(await names()).toEqual([]);
  });

  it("is cleaned of what a killed mock left half written", async () => {
    const { file, names } = await stateFolder();
    await writeFile(`${file}.0-0.unfinished`, '{"format":');
    await startMock({ stateFile: file });
    expect(await names()).toEqual(["state.json"]);
  });

  it("is written although mocks that start at the same time remove each other's unfinished files", async () => {
    const { file, names } = await stateFolder();
    const mocks = await Promise.all(Array.from({ length: 8 }, () => startMock({ stateFile: file })));
    expect(mocks).toHaveLength(8);
    expect(await names()).toEqual(["state.json"]);
  });

  it.skipIf(process.platform === "win32").each([
    ["that is there", true],
    ["that is not there yet", false],
  ])("may be reached by links to a file %s, and they stay links", async (_, exists) => {
    const { folder, file } = await stateFolder();
    await symlink("state.json", `${folder}/near.json`);
    await symlink(`${folder}/near.json`, `${folder}/far.json`);
    if (exists) await (await startMock({ stateFile: file })).close();
    const mock = await startMock({ stateFile: `${folder}/far.json` });
    await post(mock, "my-key");
    await mock.close();
    expect((await lstat(file)).isFile()).toBe(true);
    expect((await saved(file)).copies).toEqual([accountIdOf("my-key")]);
    for (const name of ["near", "far"]) {
      expect((await lstat(`${folder}/${name}.json`)).isSymbolicLink()).toBe(true);
    }
  });
});

describe("API keys", () => {
  // One that changes when encoded, one that does not, one of a world file and one of the settings.
  const keys = [
    "canary/9f8e 7d6c%5b+4a",
    "canary-9f8e7d6c5b4a",
    "canary-world-key-77aa",
    "canary-set-3c3c3c",
  ];
  const spellings = (key: string) => [
    key,
    encodeURIComponent(key),
    JSON.stringify(key).slice(1, -1),
    // The same bytes begin at each of three places within a group of base64.
    ...[key, ` ${key}`, `  ${key}`].flatMap((text) => {
      const [whole, url] = [Buffer.from(text).toString("base64"), Buffer.from(text).toString("base64url")];
      return [whole, url].map((each) => each.slice(4, -4));
    }),
    Buffer.from(key).toString("hex"),
  ];

  it("are in no spelling in the file, nor in what is beside it", async () => {
    const { file, names } = await stateFolder();
    const mock = await startMock({
      stateFile: file,
      world: renewing,
      apiKeys: keys.slice(0, 2).concat("canary-set-3c3c3c"),
    });
    for (const key of keys) expect((await post(mock, key)).success).toBe(true);
    await mock.close();
    const texts = [await readFile(file, "utf8"), (await names()).join()];
    for (const key of keys) {
      for (const spelling of spellings(key)) for (const text of texts) expect(text).not.toContain(spelling);
    }
    const { keyHashes, copies } = await saved(file);
    expect(Object.values(keyHashes)).toEqual(["default"]);
    expect(copies).toHaveLength(3);
  });

  it("have the same hashes in every file, so that accounts can be recognized without the keys", async () => {
    const hashes = async () => {
      const { file } = await stateFolder();
      const mock = await startMock({ stateFile: file, world: renewing });
      await post(mock, "canary-world-key-77aa");
      await mock.close();
      return (await saved(file)).keyHashes;
    };
    const one = await hashes();
    expect(Object.keys(one)).toEqual([expect.stringMatching(/^[0-9a-f]{12}$/)]);
    expect(await hashes()).toEqual(one);
  });

  it("are forgotten with the account that they opened", async () => {
    const { file } = await stateFolder();
    const first = await startMock({ stateFile: file, world: renewing });
    await post(first, "canary-world-key-77aa");
    const { accounts, ...rest } = first.state();
    first.putState({ ...rest, accounts: accounts.map((account) => ({ ...account, id: "another" })) });
    await first.close();
    expect((await saved(file)).keyHashes).toEqual({});
  });
});

describe("a state that can't be written", () => {
  it("is reported once; the mock keeps serving, and writes again as soon as it can", async () => {
    const { folder, file } = await stateFolder();
    // An error of the listener keeps nobody from serving or writing.
    const onStateTrouble = vi.fn((_: Error | null) => {
      throw new Error("the listener's own");
    });
    const mock = await startMock({ stateFile: file, onStateTrouble });
    await rename(folder, `${folder}-away`);
    await post(mock, "first-key");
    await vi.waitFor(() => expect(onStateTrouble).toHaveBeenCalledOnce(), 20_000);
    expect(onStateTrouble.mock.lastCall?.[0]).toMatchObject({
      name: "StateWriteError",
      message: expect.stringContaining(`can't be written to ${file}: its folder does not exist (ENOENT)`),
    });
    expect((await post(mock, "other-key")).account).toBe(accountIdOf("other-key"));
    await sleep(1_300);
    expect(onStateTrouble).toHaveBeenCalledOnce();
    await rename(`${folder}-away`, folder);
    await vi.waitFor(() => expect(onStateTrouble).toHaveBeenLastCalledWith(null), 20_000);
    expect((await saved(file)).copies).toEqual([accountIdOf("first-key"), accountIdOf("other-key")]);
    await mock.close();
  });

  it("is an error when the mock is closed", async () => {
    const { folder, file } = await stateFolder();
    const mock = await startMock({ stateFile: file });
    await post(mock, "first-key");
    await rm(folder, { recursive: true });
    await expect(mock.close()).rejects.toMatchObject({
      name: "StateWriteError",
      message: expect.stringContaining("its folder does not exist"),
    });
    await expect(fetch(mock.url)).rejects.toThrow();
  });

  it("is an error even if nothing had changed since the file was written, and the file is gone", async () => {
    const { folder, file } = await stateFolder();
    const gone = await startMock({ stateFile: file });
    await rm(folder, { recursive: true });
    await expect(gone.close()).rejects.toThrow("its folder does not exist");

    await mkdir(folder);
    const there = await startMock({ stateFile: file });
    await rm(file);
    await there.close();
    expect(await saved(file)).toMatchObject({ version: 2 });
  });

  it("is a warning of the process if nobody listens", async () => {
    const { folder, file } = await stateFolder();
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const mock = await startMock({ stateFile: file });
    await rm(folder, { recursive: true });
    await post(mock, "first-key");
    await vi.waitFor(() => expect(warned).toHaveBeenCalledOnce(), 20_000);
    warned.mockRestore();
  });

  it("prevents the first start of a mock", async () => {
    const { folder, file } = await stateFolder();
    await mkdir(`${file}.unfinished`);
    await expect(startMock({ stateFile: file })).rejects.toThrow(file);
    await rm(`${file}.unfinished`, { recursive: true });
    await expect(startMock({ stateFile: `${folder}/none/state.json` })).rejects.toThrow(
      `${folder}/none/state.json can't be used: its folder does not exist`,
    );
  });
});
