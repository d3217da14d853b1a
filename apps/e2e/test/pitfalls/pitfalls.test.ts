import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { inspect } from "node:util";
import { exitCodes, run } from "@auto-extend/cli";
import { createClient, isApiError, isRequestError, isTimeoutError } from "@auto-extend/client";
import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** A key that must turn up in nothing that is printed, thrown, logged or stored. */
const canary = "canary-of-the-nine-4f2b9c";

let mock: MockServer;
let folder: string;

beforeEach(async () => {
  mock = await startMockServer();
  folder = await mkdtemp(join(tmpdir(), "auto-extend-nine-"));
});

afterEach(async () => {
  await mock.close();
  await rm(folder, { recursive: true });
});

interface Surroundings {
  answer?: boolean;
}

/** Runs the CLI against the mock; with an answer, on a terminal where it is given. */
async function cli(argv: readonly string[], { answer }: Surroundings = {}) {
  const isTTY = answer !== undefined;
  const [stdout, stderr, asked]: string[][] = [[], [], []];
  const exitCode = await run([...argv, "--base-url", mock.url], {
    stdin: Object.assign(Readable.from([]), { isTTY }),
    stdout: { write: (text) => stdout?.push(text) },
    stderr: { write: (text) => stderr?.push(text), isTTY },
    env: { AUTO_EXTEND_API_KEY: canary },
    async confirm(question) {
      asked?.push(question);
      return answer === true;
    },
  });
  return {
    exitCode,
    stdout: stdout?.join("") ?? "",
    stderr: stderr?.join("") ?? "",
    asked: asked?.join("") ?? "",
  };
}

async function json(argv: readonly string[]) {
  const { exitCode, stdout } = await cli(["--json", ...argv]);
  return { exitCode, ...JSON.parse(stdout) };
}

const client = (timeout = 5_000) =>
  createClient({ apiKey: canary, baseUrl: mock.url, timeout, retry: false });
const off = { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: false } as const;

/** How many requests that switch have come to the mock. */
function switches(): number {
  return mock.requests({ operation: "setAutoExtend" }).length;
}

describe("what goes wrong", () => {
  it("1. money is not spent unasked: on shows its price and asks, and off never does", async () => {
    const said = await cli(["on", "11111", "22222", "--days", "30"], { answer: false });
    expect(said).toMatchObject({ exitCode: exitCodes.interrupted });
    expect(said.asked).toContain("for 2.40 USD a renewal?");
    expect(await cli(["on", "11111", "--days", "30"])).toMatchObject({ exitCode: exitCodes.usage });
    expect(await cli(["on", "11111", "--days", "45", "--yes"])).toMatchObject({
      exitCode: exitCodes.usage,
      stderr: expect.stringContaining("it sells 30"),
    });
    expect(switches()).toBe(0);
    expect(await cli(["off", "11111"], { answer: false })).toMatchObject({
      exitCode: exitCodes.done,
      asked: "",
    });
  });

  it("2. a renewal that the balance will not cover is foretold, and so is what expires for it", async () => {
    // What the balance does not cover now is warned of before anything is switched.
    const costly = await json(["on", "44444", "55555", "--days", "30", "--yes"]);
    expect(costly.result.preview.warnings).toEqual([
      { code: 16, message: "Insufficient funds on balance for all orders together" },
    ]);
    await cli(["off", "55555"]);
    await cli(["on", "44444", "--days", "30", "--yes"]);
    await cli(["on", "11111", "22222", "--days", "30", "--yes"]);
    const { result } = await json(["forecast", "--days", "120"]);
    expect(result.firstShortage).toMatchObject({ missing: expect.any(Number) });
    expect(result.expiring.length).toBeGreaterThan(0);
    expect(result.needed).toBeGreaterThan(0);
    // The mock's clock plays it through.
    const passed = mock.clock.advance({ days: 120 });
    const failed = passed.renewals.filter(({ type, account }) => type === "failed" && account !== "default");
    expect(failed[0]).toMatchObject({ group: { orderId: result.firstShortage.orderId } });
    expect((await json(["balance"])).result.balance).toBe(result.balance.end);
  });

  it("3. a failure under HTTP 200 is no success, and keeps its code and message", async () => {
    const refused = await client()
      .setAutoExtend({ ...off, orderIds: ["99999"] })
      .catch((error: unknown) => error);
    expect(isApiError(refused) && [refused.status, refused.code, refused.providerMessage]).toEqual([
      200,
      29,
      "Incorrect orderIds",
    ]);
    const unlisted = await json(["off", "99999", "--type", "IPv4", "--days", "30"]);
    expect(unlisted).toMatchObject({ exitCode: exitCodes.refused, error: { code: 29 } });
    expect(unlisted.error.message).toContain("Incorrect orderIds");
  });

  it("4. an order number is refused before it is sent, with a word on where the order ID stands", async () => {
    const orderIds = ["NUMBER-112233"];
    const refused = await client()
      .setAutoExtend({ ...off, orderIds })
      .catch((error: unknown) => error);
    expect(isRequestError(refused) && refused.message).toContain("order number");
    const file = join(folder, "ids.txt");
    await writeFile(file, "11111\nNUMBER-112233\n");
    for (const argv of [
      ["off", "NUMBER-112233"],
      ["off", "--file", file, "--type", "IPv4", "--days", "30"],
    ]) {
      expect(await cli(argv)).toMatchObject({
        exitCode: exitCodes.usage,
        stderr: expect.stringContaining("order number"),
      });
    }
    expect(mock.requests()).toEqual([]);
  });

  it("5. one bad order does not fail the batch, and hides nothing", async () => {
    const file = join(folder, "ids.csv");
    await writeFile(file, "type,orderId,days\nIPv4,11111,30\nIPv4,99999,30\nIPv4,22222,30\nISP,55555,30\n");
    const failures = join(folder, "failed.csv");
    const { exitCode, result } = await json(["off", "--file", file, "--failures", failures]);
    expect(exitCode).toBe(exitCodes.mixed);
    expect(result.summary).toMatchObject({
      given: 4,
      changed: 0,
      unchanged: 3,
      refused: 1,
      unknown: 0,
      notTried: 0,
    });
    expect(await readFile(failures, "utf8")).toContain("IPv4,99999,30,refused,29,");
  });

  it("6. a timeout is unknown and not undone, and the state can be read", async () => {
    mock.faults.add({ preset: "slow", options: { ms: 1_000 }, times: 1 });
    const late = await client(300)
      .setAutoExtend({ ...off, autoExtend: true })
      .catch((error: unknown) => error);
    expect(isTimeoutError(late) && late.effect).toBe("unknown");
    const { orders } = await client().listIpAddresses({ proxyType: "IPv4" });
    // It was carried out all the same.
    expect(orders.find(({ orderId }) => orderId === "11111")?.ipAddresses[0]?.autoExtend).toBe(true);
    // So the CLI looks itself, in the very run that got no answer.
    mock.faults.add({ preset: "lost-answer", match: { operation: "setAutoExtend" } });
    expect(await cli(["off", "11111"])).toMatchObject({
      exitCode: exitCodes.done,
      stderr: expect.stringContaining("Read back: 1 IP address is as requested."),
    });
  });

  it("7. what was switched is compared with what was asked, and every address that did not change is named", async () => {
    mock.faults.add({ preset: "drift-quantity", times: 1 });
    const wrong = await client()
      .setAutoExtend({ ...off, orderIds: ["11111", "22222"] })
      .catch((error: unknown) => error);
    expect(wrong).toMatchObject({ name: "ContractError", effect: "reported-applied" });
    // A success that was not carried out: nothing but reading back finds out.
    mock.faults.add({ fault: { applied: false }, match: { operation: "setAutoExtend" } });
    const { exitCode, result } = await json(["on", "22222", "--days", "30", "--yes"]);
    expect(exitCode).toBe(exitCodes.contractBroken);
    expect(result.readBack.unchanged.map(({ ipAddressId }: { ipAddressId: string }) => ipAddressId)).toEqual([
      "2222222222222222221",
      "2222222222222222222",
    ]);
  });

  it("8. the API key, and the proxies' credentials, are in nothing that comes out", async () => {
    const ledger = join(folder, "run.jsonl");
    const file = join(folder, "ids.txt");
    const page = join(folder, "forecast.html");
    await writeFile(file, "11111\n99999\n");
    const ended = [
      await cli(["orders", "--verbose"]),
      await cli(["--json", "orders"]),
      await cli(["doctor", "--verbose"]),
      await cli(["forecast", "--html", page]),
      await cli(["off", "--file", file, "--type", "IPv4", "--days", "30", "--ledger", ledger, "--verbose"]),
      await cli(["off", "99999", "--type", "IPv4", "--days", "30", "--verbose", "--json"]),
    ];
    const list = await client().listIpAddresses();
    const refused = await client()
      .setAutoExtend({ ...off, orderIds: ["99999"] })
      .catch((error: unknown) => error);
    const everything = [
      inspect(ended, { depth: 9 }),
      inspect(list, { depth: 12, maxArrayLength: null }),
      inspect(list.answer, { depth: 12, maxArrayLength: null }),
      inspect(refused, { depth: 9 }),
      JSON.stringify(refused),
      await readFile(ledger, "utf8"),
      await readFile(page, "utf8"),
    ].join("\n");
    expect(everything).toContain("11111");
    expect(everything).not.toContain(canary);
    // The mock's own log has the credentials that it made up, but no API key.
    expect(JSON.stringify(mock.requests())).not.toContain(canary);
    expect(everything).not.toMatch(/mock-(login|password)/);
    // They are there for whoever asks for them.
    const withCredentials = await client().listIpAddresses({}, { credentials: true });
    expect(inspect(withCredentials.answer, { depth: 12 })).toMatch(/mock-password/);
  });

  it("9. a part of an IPv6 order is refused, and one that is only partly on is seen", async () => {
    const part = {
      proxyType: "IPv6",
      ipAddressIds: ["6666666666666666661"],
      rentPeriodDays: 30,
      autoExtend: true,
    } as const;
    const refused = await client()
      .setAutoExtendByIpAddress(part)
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 28, effect: "none" });
    const last = mock.requests().at(-1);
    expect(last?.decided.why).toContain("66666");
    const whole = { ...part, ipAddressIds: ["6666666666666666661", "6666666666666666662"] };
    expect(await client().setAutoExtendByIpAddress(whole)).toMatchObject({ quantity: 2 });
    const { orders } = (await json(["orders", "--type", "IPv6", "--auto", "on"])).result;
    expect(orders).toMatchObject([{ orderId: "66666", addresses: 2, autoExtend: "on" }]);
    // However it came to be only partly on: that is shown, and so is its consequence.
    const state = mock.state({ apiKey: canary });
    const six = state.accounts[0]?.orders.find(({ orderId }) => orderId === "66666");
    Object.assign(six?.ipAddresses[1] ?? {}, { autoExtend: false });
    mock.putState(state as never, { apiKey: canary });
    const mixed = (await json(["orders", "--type", "IPv6", "--auto", "on"])).result.orders;
    expect(mixed).toMatchObject([{ orderId: "66666", autoExtend: "mixed" }]);
    const { expiries } = (await json(["forecast", "--days", "60"])).result;
    expect(expiries.filter(({ orderId }: { orderId: string }) => orderId === "66666")).toMatchObject([
      { because: "incomplete", quantity: 2 },
    ]);
    expect((await cli(["forecast", "--days", "60"])).stdout).toContain(
      "IPv6 orders that cannot be renewed as a whole",
    );
  });
});
