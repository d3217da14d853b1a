import { renameSync } from "node:fs";
import { appendFile, copyFile, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type AccountServer, address, type FakeAccount, serveAccount } from "./support/account.js";
import { runCli, runJson } from "./support/cli.js";
import { fileWith } from "./support/folder.js";
import { answer, failure } from "./support/server.js";

/** An order that is restored in parts: its IP addresses differ in state and period. */
const orderInThreeStates = () => ({
  type: "IPv4" as const,
  addresses: [
    address("21", { autoExtend: true }),
    address("22", { autoExtend: true, days: 60 }),
    address("23"),
  ],
});

/** The state of every IP address: its ID, on or off, and its period. */
function statesOf({ account }: AccountServer): string[] {
  return Object.values(account.orders).flatMap(({ addresses }) =>
    addresses.map(({ id, autoExtend, days }) => `${id} ${autoExtend ? "on" : "off"} ${days}`),
  );
}

/** The answer to a switch of IP addresses. */
function switched(ipAddressIds: readonly string[]): object {
  return {
    ...{ success: true, proxyType: "IPv4", rentPeriodDays: 30, quantity: ipAddressIds.length, ipAddressIds },
    ...{ balance: 100, currency: "USD", error: null },
  };
}

async function newLedger(): Promise<string> {
  return join(dirname(await fileWith("")), "run.jsonl");
}

/** An undo of orders whose IP addresses differed; `instead` answers its switches. */
async function undoInParts(count: number, options: readonly string[], instead: FakeAccount["instead"]) {
  const server = await serveAccount({ balance: 100 });
  const ids = Array.from({ length: count }, (_, index) => `70${index}`);
  for (const id of ids) {
    const addresses = [address(`${id}1`, { autoExtend: true }), address(`${id}2`)];
    server.account.orders[id] = { type: "IPv4", addresses };
  }
  const ledger = await newLedger();
  const base = ["--base-url", server.url];
  await runJson(["off", ...ids, "--ledger", ledger, ...base]);
  if (instead)
    server.account.instead = (response, seen) => seen.url.endsWith("/auto") && instead(response, seen);
  const from = server.seen.length;
  const ended = await runJson(["undo", ledger, "--yes", ...options, ...base]);
  const sent = server.seen.slice(from).filter(({ url }) => url.endsWith("/auto"));
  const addressIds = sent.map(({ body }) => (body as unknown as { ipAddressIds: string[] }).ipAddressIds);
  return { ...ended, sent, addressIds, states: statesOf(server) };
}

describe("To undo", () => {
  it("names the command after a run that changed something with a known state before", async () => {
    const server = await serveAccount();
    const base = ["--base-url", server.url];
    const ledger = await newLedger();
    const first = await runCli(["on", "111", "222", "--yes", "--ledger", ledger, ...base]);
    const line = `To undo: auto-extend undo ${ledger} --base-url ${server.url}\n`;
    expect(first.stderr.endsWith(line)).toBe(true);
    // Nothing is left, so the resume changes nothing.
    expect((await runCli(["on", "--resume", ledger, "--yes", ...base])).stderr).not.toContain("To undo");
    const own = await newLedger();
    const undone = await runCli(["undo", ledger, "--ledger", own, ...base]);
    expect(undone.stderr).toContain(`To undo: auto-extend undo ${own} --base-url`);
    const resumed = await runCli(["on", "--resume", ledger, "--yes", ...base]);
    expect(resumed.stderr.endsWith(line)).toBe(true);
    expect((await runCli(["off", "111", ...base])).stderr).not.toContain("To undo");
    const unknown = ["--type", "IPv4", "--days", "30", "--no-preview", "--no-read-back"];
    const without = await runCli(["off", "222", ...unknown, "--ledger", await newLedger(), ...base]);
    expect(without).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining("To undo") });
  });
});

describe("on --resume", () => {
  it("shows how the orders are now, like on, and says what the ledger does not have", async () => {
    const server = await serveAccount();
    const base = ["--base-url", server.url];
    const ledger = await newLedger();
    server.account.instead = (response, { url }) => {
      if (!url.endsWith("/auto")) return false;
      answer(response, failure(35, "Unknown error"));
      return true;
    };
    await runCli(["on", "111", "222", "999", "--yes", "--ledger", ledger, ...base]);
    delete server.account.instead;
    server.account.orders["111"]?.addresses.forEach((each) => {
      each.autoExtend = true;
    });
    const { stderr } = await runCli(["on", "--resume", ledger, "--yes", ...base]);
    expect(stderr).toMatch(/^IPv4 +30 +2 +3 +1 +2\.40 USD$/m);
    expect(stderr).toContain("note: 1 order of this run was not sent, and is not in the ledger.\n");
  });
});

describe("undo", () => {
  it("restores what a run changed, and sends nothing for the rest", async () => {
    const server = await serveAccount();
    const before = statesOf(server);
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    await runJson(["on", "111", "222", "333", "--days", "60", "--yes", "--ledger", ledger, ...base]);
    expect(statesOf(server)).not.toEqual(before);
    const undone = await runJson(["undo", ledger, ...base]);
    expect(undone).toMatchObject({
      exitCode: 0,
      result: { summary: { changed: 2, notSent: 0 }, readBack: { state: "verified" } },
    });
    // Order 333 was on for 60 days before, so nothing changed it.
    expect(statesOf(server).map((state) => state.replace(/off \d+/, "off"))).toEqual(
      before.map((state) => state.replace(/off \d+/, "off")),
    );
    const again = await runCli(["undo", ledger, ...base]);
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toMatch(
      /note: 3 orders were undone already, at 2\S+ \S+ UTC\.\nNothing was sent\.\n/,
    );
  });

  it("records nothing if all orders have their earlier state already, as with the key of another account", async () => {
    const server = await serveAccount();
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    const on = ["on", "111", "222", "--days", "30", "--yes", ...base];
    await runJson([...on, "--ledger", ledger]);
    await runJson(["off", "111", "222", ...base]);
    const other = { env: { AUTO_EXTEND_API_KEY: "another-key" } };
    expect((await runJson(["undo", ledger, ...base], other)).error).toMatchObject({
      message: `The run of ${ledger} began with another API key, which may be that of another account.`,
    });
    const idle = await runJson(["undo", ledger, "--force", ...base], other);
    expect(idle).toMatchObject({
      exitCode: 0,
      result: { summary: { changed: 0 } },
      notes: expect.arrayContaining([`The run of ${ledger} began with another API key.`]),
    });
    await runJson(on);
    const undone = await runJson(["undo", ledger, ...base]);
    expect(undone).toMatchObject({ exitCode: 0, result: { summary: { changed: 2 } } });
  });

  it("counts an order in parts that had its earlier state already once, and as unchanged", async () => {
    const server = await serveAccount();
    server.account.orders["222"] = orderInThreeStates();
    server.account.instead = (response, { url }) =>
      url.endsWith("/extend/order/auto") && response.destroy() !== undefined;
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    await runJson(["off", "222", "--no-read-back", "--ledger", ledger, ...base]);
    delete server.account.instead;
    const { result, stderr } = await runJson(["undo", ledger, "--yes", ...base]);
    expect(result).toMatchObject({ summary: { given: 1, changed: 0, unchanged: 1 } });
    expect(stderr).toContain("The earlier state is restored for 1 order, 3 IP addresses.\n");
  });

  it("is sent for an order of unknown outcome, since its request may still be carried out", async () => {
    const server = await serveAccount();
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    server.account.instead = (response, { url }) => {
      if (!url.endsWith("/auto")) return false;
      response.destroy();
      return true;
    };
    const on = ["on", "111", "--days", "30", "--yes", "--ledger", ledger, ...base];
    expect(await runJson(on)).toMatchObject({ exitCode: 3, result: { summary: { unknown: 1 } } });
    delete server.account.instead;
    const sent = server.seen.length;
    expect(await runJson(["undo", ledger, ...base])).toMatchObject({
      exitCode: 0,
      result: { summary: { given: 1, changed: 0, unchanged: 1 } },
    });
    expect(server.seen.slice(sent).filter(({ url }) => url.endsWith("/auto"))).toMatchObject([
      { body: { orderIds: ["111"], autoExtend: false } },
    ]);
    // It is restored then, and nobody has switched it since.
    const second = await runJson(["undo", ledger, ...base]);
    expect(second).toMatchObject({ exitCode: 0, result: { summary: { given: 0 }, left: 0 } });
    expect(second.notes).toEqual([expect.stringMatching(/^1 order was undone already, at 2\S+ \S+ UTC\.$/)]);
  });

  it.each([1, 2])("is run to its end before a resume, if it broke off at its switch %i", async (number) => {
    const server = await serveAccount({ balance: 100 });
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    await runJson(["on", "111", "222", "--days", "30", "--yes", "--ledger", ledger, ...base]);
    const { fetch } = globalThis;
    let switches = 0;
    await runJson(["undo", ledger, "--chunk-size", "1", "--concurrency", "1", ...base], {
      async fetch(input, init) {
        const answer = await fetch(input, init);
        if (String(input).endsWith("/auto") && ++switches === number)
          await copyFile(ledger, `${ledger}.left`);
        return answer;
      },
    });
    const left = 2 - number;
    if (left > 0) await runJson(["on", "222", "--days", "30", "--yes", ...base]);
    const resume = ["on", "--resume", `${ledger}.left`, "--yes", ...base];
    const { exitCode, error } = await runJson(resume);
    expect(exitCode).toBe(2);
    expect(error?.message).toMatch(/^An undo of \S+ began at 2\S+ \S+ UTC and has not ended\.$/);
    const undone = await runJson(["undo", `${ledger}.left`, ...base]);
    expect(undone).toMatchObject({ exitCode: 0, result: { summary: { changed: left } } });
    expect(await runJson(resume)).toMatchObject({ exitCode: 0, result: { summary: { changed: 2 } } });
  });

  it("stops a run of the ledger that is under way, and is refused if that continued meanwhile", async () => {
    const server = await serveAccount();
    const before = statesOf(server);
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    const on = [
      "on",
      "111",
      "222",
      "333",
      "--days",
      "30",
      "--chunk-size",
      "1",
      "--concurrency",
      "1",
      "--yes",
    ];
    let undo: Promise<Awaited<ReturnType<typeof runJson>>> | undefined;
    const { fetch } = globalThis;
    const run = await runJson([...on, "--ledger", ledger, ...base], {
      async fetch(input, init) {
        const answer = await fetch(input, init);
        if (!String(input).endsWith("/auto")) return answer;
        undo ??= runJson(["undo", ledger, ...base]);
        await undo;
        return answer;
      },
    });
    expect(run).toMatchObject({ result: { stopped: "ledger", summary: { notTried: 2 } } });
    expect(run.error?.message).toContain("another run or an undo has written to it");
    expect(await undo).toMatchObject({ exitCode: 0, result: { summary: { changed: 1 } } });
    expect(statesOf(server)).toEqual(before);

    await runJson([...on, "--ledger", `${ledger}.2`, ...base]);
    const { error } = await runJson(["undo", `${ledger}.2`, "--no-preview", ...base], {
      terminal: true,
      confirm: async () => {
        await appendFile(`${ledger}.2`, "\n");
        return true;
      },
    });
    expect(error?.message).toContain("another run or an undo has written to it");
  });

  it("says so if the API key is that of another account", async () => {
    const server = await serveAccount();
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    await runJson(["on", "111", "222", "--days", "30", "--yes", "--ledger", ledger, ...base]);
    server.account.orders = { "999": { type: "IPv4", addresses: [address("9")] } };
    const { exitCode, error } = await runJson(["undo", ledger, "--force", ...base], {
      env: { AUTO_EXTEND_API_KEY: "another-key" },
    });
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({
      message: `The run of ${ledger} began with another API key, and no order of it is in the list of this one.`,
      whatToDo: "Use an API key of the account that the run is about.",
    });
  });

  it("is not offered after a run that changed nothing, whose JSON says how many were so already", async () => {
    const server = await serveAccount();
    const base = ["--base-url", server.url];
    const on = (ledger: string) => ["on", "111", "222", "--days", "30", "--yes", "--ledger", ledger, ...base];
    expect((await runCli(on(await newLedger()))).stderr).toContain("To undo: ");
    expect((await runCli(on(await newLedger()))).stderr).not.toContain("To undo: ");
    expect(await runJson(on(await newLedger()))).toMatchObject({
      result: { summary: { changed: 0, unchanged: 2 }, groups: [{ changed: 0, unchanged: 2 }] },
    });
  });

  it("leaves alone what it undid before, and lists what was switched again since", async () => {
    const server = await serveAccount();
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    const on = ["on", "111", "222", "--days", "30", "--yes", ...base];
    await runJson([...on, "--ledger", ledger]);
    // An order that is off again already counts as undone, too.
    await runJson(["off", "222", ...base]);
    const first = await runCli(["undo", ledger, ...base]);
    expect(first.stderr).toContain(
      "note: 1 order already has the state from before the run of the ledger.\n",
    );
    await runJson(on);
    const second = await runJson(["undo", ledger, ...base]);
    expect(second).toMatchObject({
      exitCode: 2,
      result: { summary: { given: 2, changed: 0, notSent: 2 } },
      notes: [
        expect.stringMatching(
          /^2 orders are not restored; the first is 111\. It was undone at 2\S+ \S+ UTC, and switched since\. Use on or off/,
        ),
      ],
    });
    expect(statesOf(server)).toEqual(expect.arrayContaining(["1 on 30", "21 on 30", "22 on 30"]));
    const listed = await runCli(["undo", ledger, "--failures", await newLedger(), ...base]);
    expect(listed.stderr).toMatch(/\nThe failures are in .*\.\n/);
  });

  it("continues an undo that failed in part, and a ledger with undone orders can be resumed", async () => {
    const server = await serveAccount();
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    await runJson(["on", "111", "555", "--days", "30", "--yes", "--ledger", ledger, ...base]);
    server.account.instead = (response, { url, body }) => {
      if (!url.endsWith("/auto") || body.proxyType !== "ISP") return false;
      answer(response, failure(35, "Temporarily not possible"));
      return true;
    };
    const failures = await newLedger();
    const part = await runCli(["undo", ledger, "--failures", failures, ...base]);
    expect(part.exitCode).toBe(6);
    expect(part.stderr).toContain("\n  ISP, 30 days, off: 1 refused.\n");
    expect(part.stderr).toContain(`\nThe failures are in ${failures}.\nTo continue: auto-extend undo `);
    delete server.account.instead;
    const { result, notes } = await runJson(["undo", ledger, ...base]);
    expect(notes).toEqual([expect.stringMatching(/^1 order was undone already, at 2\S+ \S+ UTC\.$/)]);
    expect(result).toMatchObject({ summary: { given: 1, changed: 1 } });
    // A resume takes the run up where the undo left it, and asks like the run itself.
    const resume = ["on", "--resume", ledger, ...base];
    expect(await runCli(resume)).toMatchObject({ exitCode: 2 });
    const resumed = await runCli([...resume, "--yes"]);
    expect(resumed.exitCode).toBe(0);
    expect(resumed.stderr).toMatch(
      /note: 2 orders of this run were undone at 2\S+ \S+ UTC: to be switched on again\.\n/,
    );
    expect(resumed.stderr).toMatch(/^0 of 2 orders of the run of \S+ \S+ UTC are finished, 2 are left\.$/m);
    expect(resumed.stderr).toContain(
      "\nAuto-extend is on for 2 orders, 2 IP addresses.\nRead back: 2 IP addresses are as requested.\n",
    );
    expect(statesOf(server)).toEqual(expect.arrayContaining(["1 on 30", "5 on 30"]));
  });

  it("undoes again what a resume switched after an undo, and leaves the rest of the first undo alone", async () => {
    const server = await serveAccount();
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    await runJson(["on", "111", "222", "555", "--days", "30", "--yes", "--ledger", ledger, ...base]);
    await runJson(["undo", ledger, ...base]);
    server.account.instead = (response, { url, body }) => {
      if (!url.endsWith("/auto") || body.proxyType !== "ISP") return false;
      answer(response, failure(35, "Temporarily not possible"));
      return true;
    };
    expect(await runJson(["on", "--resume", ledger, "--yes", ...base])).toMatchObject({ exitCode: 6 });
    delete server.account.instead;
    expect(statesOf(server)).toEqual(expect.arrayContaining(["1 on 30", "21 on 30", "22 on 30", "5 off 30"]));
    const undone = await runJson(["undo", ledger, ...base]);
    expect(undone).toMatchObject({ exitCode: 0, result: { summary: { given: 2, changed: 2 } } });
    expect(statesOf(server)).toEqual(
      expect.arrayContaining(["1 off 30", "21 off 30", "22 off 30", "5 off 30"]),
    );
    const again = await runJson(["undo", ledger, ...base]);
    expect(again).toMatchObject({ exitCode: 0, result: { summary: { given: 0 } } });
  });

  it("lists what it did not restore in a file that on and off refuse: the order was on in part", async () => {
    const failures = await newLedger();
    const { exitCode } = await undoInParts(1, ["--failures", failures], (response) => {
      answer(response, failure(25, "Order refused"));
      return true;
    });
    expect(exitCode).toBe(1);
    expect(await readFile(failures, "utf8")).toMatch(
      /^type,orderId,days,outcome,code,notRestored\nIPv4,700,30,refused,25,.*\n$/,
    );
    for (const command of ["on", "off"]) {
      const { stderr, exitCode } = await runCli([command, "--file", failures, "--yes"]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain("Run the same undo again: it restores what is left.\n");
    }
  });

  it.each([
    [
      "damaged",
      (text: string) => text.replace('"id":"111"', '"id":"112"'),
      "damaged in line 2",
      "auto-extend orders",
    ],
    ["cut off", (text: string) => text.slice(0, 300), "damaged at its end", "auto-extend orders"],
    ["another file", () => "type,orderId\n", "not a ledger", "Name the ledger of a run."],
  ])("does not advise to repeat a run whose ledger is %s", async (_, change, is, advice) => {
    const server = await serveAccount();
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    await runJson(["on", "111", "--yes", "--ledger", ledger, ...base]);
    await writeFile(ledger, change(await readFile(ledger, "utf8")));
    const { error, exitCode } = await runJson(["undo", ledger, ...base]);
    expect(exitCode).toBe(2);
    expect(error?.message).toContain(` is ${is}`);
    expect(error?.whatToDo).toContain(advice);
    expect(error?.whatToDo).not.toMatch(/new run|same command|no harm/);
  });

  it("says if the ledger cannot record it", async () => {
    const server = await serveAccount();
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    await runJson(["on", "111", "--days", "30", "--yes", "--ledger", ledger, ...base]);
    server.account.instead = (_, { url }) => {
      if (url.endsWith("/auto")) renameSync(ledger, `${ledger}.moved`);
      return false;
    };
    const { exitCode, notes } = await runJson(["undo", ledger, ...base]);
    expect(exitCode).toBe(0);
    expect(notes).toEqual([
      expect.stringContaining("this undo is not recorded in it, and a second one would repeat it"),
    ]);
  });

  it("says which rental periods a run changes where auto-extend is on, and which an undo cannot give back", async () => {
    const server = await serveAccount({ prices: { 30: 0.8, 60: 1.5, 90: 2 } });
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    const ids = ["111", "222", "333"];
    const run = await runCli(["on", ...ids, "--days", "90", "--yes", "--ledger", ledger, ...base]);
    expect(run.stderr).toContain(
      "note: 4 IP addresses of 3 orders have another rental period now: switching on changes it. Of these, 1 is on already.\n",
    );
    const undone = await runJson(["undo", ledger, "--yes", ...base]);
    expect(undone.result).toMatchObject({ summary: { changed: 3, periodsKept: 3 } });
    expect(statesOf(server)).toEqual(
      expect.arrayContaining(["1 off 90", "21 off 90", "22 off 90", "3 on 60"]),
    );
    expect(undone.stderr).toContain(
      "The earlier state is restored for 3 orders, 4 IP addresses, except for the rental period of 3 IP addresses: only switching on sets it.\n",
    );
  });

  it("asks before it switches anything on, with the price", async () => {
    const server = await serveAccount();
    const ledger = await newLedger();
    await runJson(["off", "333", "--ledger", ledger, "--base-url", server.url]);
    const argv = ["undo", ledger, "--base-url", server.url];
    expect(await runCli(argv)).toMatchObject({ exitCode: 2 });
    const questions: string[] = [];
    const no = { terminal: true, confirm: async (question: string) => questions.push(question) === 0 };
    expect(await runCli(argv, no)).toMatchObject({ exitCode: 130 });
    expect(questions).toEqual([
      expect.stringMatching(/^Undo: switch 1 order on at 127\.0\.0\.1:\d+ for 1\.50 USD a renewal\?$/),
    ]);
    expect(statesOf(server)).toContain("3 off 60");
    expect(await runCli([...argv, "--yes"])).toMatchObject({ exitCode: 0 });
    expect(statesOf(server)).toContain("3 on 60");
  });

  it("is continued by the same undo, which needs no ledger of its own for that", async () => {
    const server = await serveAccount();
    const ledger = await newLedger();
    await runJson(["on", "111", "--days", "60", "--yes", "--ledger", ledger, "--base-url", server.url]);
    server.account.instead = (response, { url }) => {
      if (!url.endsWith("/auto")) return false;
      answer(response, failure(35, "Temporarily not possible"));
      return true;
    };
    const argv = ["undo", ledger, "--ledger", await newLedger(), "--base-url", server.url];
    const { stderr } = await runCli(argv);
    expect(stderr).toContain(`\nTo continue: auto-extend undo ${ledger} --base-url ${server.url}\n`);
  });

  it("restores IP addresses one by one if those of an order differed, but not those of an IPv6 order", async () => {
    const server = await serveAccount();
    server.account.orders["222"] = {
      type: "IPv4",
      addresses: [address("21", { autoExtend: true }), address("22")],
    };
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    await runJson(["off", "222", "666", "--ledger", ledger, ...base]);
    expect(statesOf(server)).toEqual(expect.arrayContaining(["21 off 30", "22 off 30", "61 off 30"]));
    const { exitCode, result } = await runJson(["undo", ledger, "--yes", ...base]);
    expect(exitCode).toBe(6);
    expect(result).toMatchObject({
      summary: { changed: 1, notSent: 1 },
      failures: [{ orderId: "666", outcome: "not-sent", message: expect.stringContaining("IPv6") }],
    });
    expect(statesOf(server)).toEqual(expect.arrayContaining(["21 on 30", "22 off 30", "61 off 30"]));
  });

  it("sends and prices no more IP addresses in a request than --chunk-size says", async () => {
    const server = await serveAccount();
    const on = { autoExtend: true };
    const orders = ["701", "702", "703"].map((id) => {
      const addresses = [address(`${id}1`, on), address(`${id}2`, on), address(`${id}3`)];
      return [id, { type: "IPv4" as const, addresses }] as const;
    });
    server.account.orders = Object.fromEntries(orders);
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    await runJson(["off", "701", "702", "703", "--ledger", ledger, ...base]);
    const sent = server.seen.length;
    await runJson(["undo", ledger, "--yes", "--chunk-size", "5", ...base]);
    const counts = server.seen.slice(sent).flatMap(({ body }) => {
      const { ipAddressIds } = (body ?? {}) as unknown as { ipAddressIds?: string[] };
      return ipAddressIds ? [ipAddressIds.length] : [];
    });
    expect(counts.sort()).toEqual([2, 2, 4, 4]);
  });

  it("stops the parts of orders at a refused key, like whole orders", async () => {
    const { exitCode, sent } = await undoInParts(
      8,
      ["--chunk-size", "2", "--concurrency", "1"],
      (response) => {
        answer(response, failure(2, "Error api key"));
        return true;
      },
    );
    expect(exitCode).toBe(1);
    expect(sent.map(({ url }) => url)).toEqual([expect.stringMatching(/[^r]\/extend\/auto$/)]);
  });

  it("halves a refused request for parts of orders until it has found the refused one", async () => {
    const { result, addressIds, states } = await undoInParts(8, [], (response, { body }) => {
      if (!(body as unknown as { ipAddressIds: string[] }).ipAddressIds.includes("7021")) return false;
      answer(response, failure(25, "Order refused"));
      return true;
    });
    expect(result).toMatchObject({ summary: { changed: 7, refused: 1 }, failures: [{ orderId: "702" }] });
    expect(addressIds.map(({ length }) => length).sort()).toEqual([1, 1, 2, 4, 4, 8]);
    expect(states).toEqual(expect.arrayContaining(["7021 off 30", "7031 on 30", "7032 off 30"]));
  });

  it("sends parts of orders as fast as --concurrency and --rate say", async () => {
    const waiting: (() => void)[] = [];
    await undoInParts(3, ["--chunk-size", "1", "--concurrency", "3"], (response, { body }) => {
      const { ipAddressIds } = body as unknown as { ipAddressIds: string[] };
      waiting.push(() => answer(response, switched(ipAddressIds)));
      // Only requests at the same time get an answer.
      if (waiting.length === 3) for (const respond of waiting) respond();
      return true;
    });
    expect(waiting).toHaveLength(3);
    const began = performance.now();
    await undoInParts(3, ["--chunk-size", "1", "--rate", "5", "--no-preview"], undefined);
    // At least the two pauses between three requests.
    expect(performance.now() - began).toBeGreaterThan(390);
  });

  it("prices and shows parts of orders with whole orders, and counts an order once", async () => {
    const server = await serveAccount();
    server.account.orders["222"] = orderInThreeStates();
    server.account.orders["777"] = { type: "IPv4", addresses: [address("71", { autoExtend: true })] };
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    await runJson(["off", "222", "777", "--ledger", ledger, ...base]);
    const second = await newLedger();
    const { exitCode, stderr } = await runCli(["undo", ledger, "--yes", "--ledger", second, ...base]);
    expect(exitCode).toBe(0);
    const inParts = "1 order is restored in parts, because the IP addresses had different states.";
    expect(stderr).toContain(
      [
        `note: ${inParts} Each state is a row of the table.`,
        "Type   Days  Orders  Addresses  Already on  Each renewal",
        "IPv4     30       2          2           0      1.60 USD",
        "IPv4     60       1          1           0      1.50 USD",
        "Total             2          3           0      3.10 USD",
        "Balance: 5.00 USD, 1.90 USD after one renewal of these 2 orders.",
        "Renewals of other orders are not counted: see auto-extend forecast --if-on ID...",
        "",
      ].join("\n"),
    );
    expect(stderr).toContain("The earlier state is restored for 2 orders, 3 IP addresses.\n");
    expect(stderr).toContain("\n2 orders: 2 changed.\n");
    expect(statesOf(server)).toEqual(
      expect.arrayContaining(["21 on 30", "22 on 60", "23 off 30", "71 on 30"]),
    );
    const resume = await runJson(["on", "--resume", second, ...base]);
    expect(resume.error).toMatchObject({
      message: `${second} records an undo, which cannot be resumed.`,
      whatToDo: "Run the same undo again: it restores what is left.",
    });
    const back = await runJson(["undo", second, ...base]);
    expect(back).toMatchObject({ exitCode: 0, result: { summary: { given: 2, changed: 2 } } });
    expect(statesOf(server).filter((state) => / on /.test(state))).toEqual(["3 on 60", "61 on 30"]);
  });

  it("counts and lists an order once of which several parts fail", async () => {
    const server = await serveAccount();
    server.account.orders["222"] = orderInThreeStates();
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    await runJson(["off", "222", "--ledger", ledger, ...base]);
    server.account.instead = (response, { url }) => {
      if (!url.endsWith("/auto")) return false;
      answer(response, failure(25, "Order refused"));
      return true;
    };
    const { exitCode, result } = await runJson(["undo", ledger, "--yes", ...base]);
    expect(exitCode).toBe(1);
    expect(result).toMatchObject({
      summary: { given: 1, refused: 1 },
      failureCount: 1,
      failures: [{ orderId: "222", outcome: "refused" }],
    });
    server.account.instead = (response, { url, body }) => {
      if (!url.includes("calculate") || body.rentPeriodDays !== 60) return false;
      answer(response, failure(25, "Order refused"));
      return true;
    };
    const { notes } = await runJson(["undo", ledger, "--yes", ...base]);
    expect(notes).toContainEqual(expect.stringContaining("Order 222 has no price"));
  });

  it("leaves orders alone that changed since, are gone, or whose earlier state is not known", async () => {
    const server = await serveAccount();
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    await runJson(["on", "111", "222", "555", "--days", "30", "--yes", "--ledger", ledger, ...base]);
    for (const each of server.account.orders["111"]?.addresses ?? []) each.days = 60;
    delete server.account.orders["222"];
    const { result } = await runJson(["undo", ledger, ...base]);
    expect(result).toMatchObject({
      summary: { changed: 1, notSent: 2 },
      failures: [
        { orderId: "111", message: "It changed since that run. Use on or off to change that." },
        {
          orderId: "222",
          message: "It is no longer in your list (auto-extend orders), which does not show expired orders.",
        },
      ],
    });
    const blind = await newLedger();
    const given = ["--type", "ISP", "--days", "30", "--no-preview", "--no-read-back"];
    await runJson(["on", "555", "--yes", ...given, "--ledger", blind, ...base]);
    expect(await runJson(["undo", blind, ...base])).toMatchObject({
      exitCode: 2,
      error: {
        message: expect.stringMatching(/ is not restored\. Its state before that run is not in the ledger/),
      },
    });
    expect(statesOf(server)).toContain("5 on 30");
  });

  it("undoes an undo, by the ledger of that", async () => {
    const server = await serveAccount();
    server.account.orders["222"] = {
      type: "IPv4",
      addresses: [address("21", { autoExtend: true }), address("22")],
    };
    const [first, second] = [await newLedger(), await newLedger()];
    const base = ["--base-url", server.url];
    await runJson(["off", "222", "--ledger", first, ...base]);
    await runJson(["undo", first, "--yes", "--ledger", second, ...base]);
    expect(statesOf(server)).toEqual(expect.arrayContaining(["21 on 30", "22 off 30"]));
    expect(await runJson(["undo", second, ...base])).toMatchObject({ exitCode: 0 });
    expect(statesOf(server)).toEqual(expect.arrayContaining(["21 off 30", "22 off 30"]));
  });
});

describe("an undo of orders with very many IP addresses", () => {
  it("names no more than 10,000 of them in a request, for prices as well", async () => {
    const server = await serveAccount({ balance: 1_000_000 });
    for (const id of ["801", "802"]) {
      const addresses = Array.from({ length: 6_001 }, (_, index) =>
        address(`${id}${index}`, { autoExtend: index > 0 }),
      );
      server.account.orders[id] = { type: "IPv4", addresses };
    }
    const ledger = await newLedger();
    const base = ["--base-url", server.url];
    await runJson(["off", "801", "802", "--ledger", ledger, ...base]);
    const from = server.seen.length;
    expect(await runJson(["undo", ledger, "--yes", ...base])).toMatchObject({ exitCode: 0 });
    const sizes = server.seen.slice(from).map(({ url, body }) => {
      const { ipAddressIds } = (body ?? {}) as unknown as { ipAddressIds?: string[] };
      return [url.replace(/^.*(calculate|extend)\/.*$/, "$1"), ipAddressIds?.length ?? 0] as const;
    });
    expect(sizes.filter(([, size]) => size > 0)).toEqual([
      ["calculate", 6_000],
      ["calculate", 6_000],
      ["extend", 6_000],
      ["extend", 6_000],
    ]);
  });
});

describe("the same orders", () => {
  it.each([
    ["on", ["--days", "30"], 6],
    ["on", [], 6],
    ["off", [], 6],
    ["off", ["--type", "IPv4", "--days", "30"], 6],
  ])(
    "typed for %s %j or from a file lead to the same requests, preview, question and exit code",
    async (command, options, code) => {
      const ids = ["111", "222", "333", "555", "111", "999"];
      const file = await fileWith(`${ids.join("\n")}\n`);
      const runs = [];
      for (const source of [ids, ["--file", file]]) {
        const server = await serveAccount({
          instead(response, { url, body }) {
            if (!url.endsWith("/extend/order/auto") || !body.orderIds.includes("333")) return false;
            answer(response, failure(25, "Order refused"));
            return true;
          },
        });
        const questions: string[] = [];
        const ended = await runCli([command, ...source, ...options, "--base-url", server.url], {
          terminal: true,
          confirm: async (question) => questions.push(question) > 0,
        });
        const stderr = ended.stderr.replaceAll(server.host, "HOST");
        const requests = server.seen.map(({ body }, index) => [server.paths()[index], body]);
        const asked = questions.map((question) => question.replaceAll(server.host, "HOST"));
        runs.push({ ...ended, stderr, questions: asked, requests });
      }
      expect(runs[0]).toEqual(runs[1]);
      expect(runs[0]).toMatchObject({
        exitCode: code,
        questions: command === "on" ? [expect.any(String)] : [],
      });
    },
  );
});
