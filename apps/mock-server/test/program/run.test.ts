import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { on, testEngine } from "../support/call.js";
import { serving } from "../support/program.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "auto-extend-mock-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function post(url: string, apiKey = "any-key") {
  const response = await fetch(`${url}/client/api/v1/${apiKey}/extend/order/auto`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(on),
  });
  return (await response.json()) as Record<string, unknown>;
}

describe("auto-extend-mock", () => {
  it("says where it is in its first line, then how to use it, then what it answers", async () => {
    const { code, out } = await serving(["--port", "0"], async (url) => {
      expect(await post(url, "canary-key-0123456789")).toMatchObject({ success: true });
    });
    expect(code).toBe(0);
    expect(out).toMatch(/^auto-extend-mock ready at http:\/\/127\.0\.0\.1:\d+\n/);
    expect(out).toMatch(/^Dashboard: http:\/\/127\.0\.0\.1:\d+\/$/m);
    expect(out).toContain('curl -s "http://127.0.0.1:');
    expect(out).toMatch(/and off again:\n {2}curl .*"autoExtend":false}'\n/);
    expect(out).toMatch(
      /request-1 POST setAutoExtend \(account-[0-9a-f]{12}\) 200: auto-extend is on for 1 IP address/,
    );
    expect(out).toContain("auto-extend-mock stopped");
    expect(out).not.toContain("canary-key");
  });

  it("reports changes of its clock and its state", async () => {
    const control = (url: string, path: string, body: object) =>
      fetch(`${url}/__mock/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    for (const style of ["pretty", "json"]) {
      const { out } = await serving(["--port", "0", "--log", style], async (url) => {
        await control(url, "clock", { to: "2999-01-01T00:00:00Z" });
        await control(url, "reset", {});
      });
      expect(out).toMatch(style === "json" ? /"event":"clock","now":"2999/ : /the clock is at 2999-01-01/);
      expect(out).toMatch(style === "json" ? /"event":"state".*"reset"/ : /the state was reset/);
    }
  });

  it("writes one JSON object a line for programs", async () => {
    const { out } = await serving(["--port", "0", "--log", "json"], async (url) => void (await post(url)));
    const events = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual(["ready", "request", "stopped"]);
    expect(events[1]).toMatchObject({ operation: "setAutoExtend", status: 200 });
  });

  it("prints only its URL when silent", async () => {
    const { out } = await serving(["--port", "0", "--log", "silent"], async (url) => void (await post(url)));
    expect(out.trim().split("\n")).toHaveLength(1);
  });

  it("serves a world file, and takes its settings from the environment", async () => {
    const world = testEngine().state();
    for (const account of world.accounts) account.balance = 77;
    const file = join(folder, "world.json");
    await writeFile(file, `\uFEFF${JSON.stringify(world)}`);
    const env = {
      AUTO_EXTEND_MOCK_PORT: "0",
      AUTO_EXTEND_MOCK_WORLD: file,
      AUTO_EXTEND_MOCK_API_KEY: "key-1, key-2",
    };
    await serving(
      [],
      async (url) => {
        expect(await post(url, "key-2")).toMatchObject({ balance: 77 });
        expect(await post(url, "key-3")).toMatchObject({ error: { code: 2 } });
      },
      env,
    );
  });

  it("lets the command line win over the environment", async () => {
    const env = { AUTO_EXTEND_MOCK_API_KEY: "key-1" };
    const argv = ["--port", "0", "--api-key", "key-3", "--api-key", "key-4"];
    await serving(
      argv,
      async (url) => {
        expect(await post(url, "key-1")).toMatchObject({ error: { code: 2 } });
        expect(await post(url, "key-3")).toMatchObject({ success: true });
        expect(await post(url, "key-4")).toMatchObject({ success: true });
      },
      env,
    );
  });

  it("shows lines that fit its world and its API keys", async () => {
    const world = testEngine().state();
    for (const account of world.accounts) {
      account.rentPeriods = { ISP: [90] };
      for (const order of account.orders) if (order.proxyType === "ISP") order.orderId = "isp-1";
    }
    const file = join(folder, "isp.json");
    await writeFile(file, JSON.stringify(world));
    const { out } = await serving(["--port", "0", "--world", file, "--api-key", "my-key"]);
    expect(out).toContain('"orderIds":["isp-1"],"rentPeriodDays":90');
    expect(out).toContain("/client/api/v1/$AUTO_EXTEND_API_KEY/extend");
    await writeFile(file, JSON.stringify({ ...world, accounts: [{ ...world.accounts[0], orders: [] }] }));
    expect((await serving(["--port", "0", "--world", file])).out).not.toContain("curl");
  });

  it("does not print the API keys that it was started with", async () => {
    const { out, err } = await serving(["--port", "0", "--api-key", "canary-key-0123456789"], async (url) => {
      await post(url, "canary-key-0123456789");
    });
    expect(out + err).not.toContain("canary-key");
  });

  it("lets pages of a named origin in", async () => {
    await serving(["--port", "0", "--cors", "http://localhost:5173"], async (url) => {
      const response = await fetch(`${url}/__mock/health`, { headers: { origin: "http://localhost:5173" } });
      expect(response.headers.get("access-control-allow-origin")).toBe("http://localhost:5173");
    });
  });

  it.each([
    ["[::1]", /at http:\/\/\[::1\]:\d+\n/, false],
    ["::1", /at http:\/\/\[::1\]:\d+\n/, false],
    ["127.1", /at http:\/\/127\.0\.0\.1:\d+\n/, false],
    ["::ffff:127.0.0.1", /at http:\/\/127\.0\.0\.1:\d+\n/, false],
    ["localhost.", /at http:\/\/localhost:\d+\n/, false],
    [" 127.0.0.1", /at http:\/\/127\.0\.0\.1:\d+\n/, false],
    ["[::1%lo]", /at http:\/\/\[::1\]:\d+\n/, true],
    ["0", /at http:\/\/localhost:\d+\n/, true],
    ["[::]", /at http:\/\/localhost:\d+\n/, true],
  ])("listens on --host %s, and prints a URL that works", async (host, says, needsToken) => {
    const { code, out } = await serving(["--port", "0", "--host", host], async (url) => {
      expect(await post(url)).toMatchObject({ success: true });
    });
    expect(code).toBe(0);
    expect(out).toMatch(says);
    expect(out.includes("requires this token: ")).toBe(needsToken);
  });

  it.each([
    "http://127.0.0.1",
    "127.0.0.1:80",
    "[::1]:4010",
    "127.0.0.1/",
    "u@127.0.0.1",
    "127.0.0.1?",
    "[::1",
    "a b",
  ])("says how to write the host of %s", async (host) => {
    const { code, err } = await serving(["--port", "0", "--host", host]);
    expect([code, err]).toEqual([2, expect.stringContaining("alone, without a scheme, port or path")]);
  });

  it("if other machines can reach it, generates a token for its control API, and prints it", async () => {
    const { out } = await serving(["--port", "0", "--host", "0.0.0.0"], async (url) => {
      expect((await fetch(`${url}/__mock/requests`)).status).toBe(403);
    });
    expect(out).toMatch(
      /^Other machines can reach this mock. Its control API requires this token: [0-9a-f-]{36}$/m,
    );
    const chosen = ["--port", "0", "--host", "0.0.0.0", "--control-token", "my-token"];
    expect((await serving(chosen)).out).not.toContain("my-token");
  });

  it("says what to do about a busy port", async () => {
    await serving(["--port", "0", "--log", "silent"], async (url) => {
      const { code, err } = await serving(["--port", new URL(url).port]);
      expect(code).toBe(1);
      expect(err).toContain("another port (0 picks a free one)");
    });
  });

  it("says what to do about an address that is not this machine's", async () => {
    const { code, err } = await serving(["--host", "192.0.2.1", "--port", "0"]);
    expect(code).toBe(1);
    expect(err).toContain("such as 127.0.0.1.");
  });

  it.each([
    [["--port", "70000"], "from 0 to 65535"],
    [["--port", "x"], "from 0 to 65535"],
    [["--log", "loud"], "pretty, json, silent"],
    [["--cors", "http://localhost:5173/app"], "without a path"],
    [["--api-key", ""], '--api-key can\'t be "". It must not be empty.'],
    [["--state", ""], '--state can\'t be "". It must not be empty.'],
    [["--upstream", "nonsense"], "--upstream can't be used: it "],
    [
      ["--upstream", "https://youproxy.io", "--state", "s.json"],
      "--state can't be used together with --upstream",
    ],
    [["--upstream", "http://192.0.2.1"], "--allow-http allows it"],
    [["--allow-http"], "--allow-http does nothing without --upstream. Add --upstream or remove it."],
    // It started a mock that accepted the key "requests".
    [["--port", "0", "--api-key", "k", "requests"], 'must come after "requests".'],
    [["world", "new", "--on-share", "2"], `--on-share can't be "2". It must be at most 1.`],
    [["world", "new", "--seed", "x"], `--seed can't be "x". Give a number in digits`],
    [["world", "new", "--orders", "1.5"], "It must be a whole number"],
    [["world", "new", "--types", "ipv4,foo"], "Give one of IPv4, IPv6, MOBILE, ISP."],
    [["frobnicate"], 'Unknown command "frobnicate". Known: '],
    [["clock", "foo"], 'Unknown command "clock foo". Known: '],
    [["--nonsense"], "--nonsense"],
    [["explian"], 'Unknown command "explian". Did you mean "explain"?'],
    [["--port", "0", "extra"], "Too many arguments"],
    [
      ["clock", "rewind", "--help"],
      'Unknown command "clock rewind". Known: advance, to, next, freeze, resume.',
    ],
    [["help", "explian"], 'Unknown command "explian". Did you mean "explain"?'],
    [["faults", "--port", "4010"], "--port belongs to a command of faults: list, add, clear."],
    [["faults", "lst"], 'Unknown command "faults lst". Did you mean "list"?'],
    [["world"], "Use world new."],
    [["clock", "advance"], "The argument span is missing: how far, such as 12h, 30d, 2w"],
    [["state", "--json=yes"], "--json takes no value."],
    [["clock", "advance", "-1d"], "-1d is negative, which is not possible here."],
    [["requests", "--outcome", "foo"], '--outcome can\'t be "foo". Give one of '],
    [["state", "--port", "1", "--url", "http://127.0.0.1:1"], "can't be used together. Remove one of them."],
    [["faults", "add", "slow", "ms=1", "ms=2"], 'The option "ms" is given twice.'],
    [["--world", tmpdir()], "can't be read: it is a folder (EISDIR)."],
    [["faults", "--nonsense"], "All options: auto-extend-mock faults --help"],
    [["--world", "no-such-file.json"], `there is no such file in ${process.cwd()}.`],
    [["--world", "/no-such-folder/world.json"], "there is no such file."],
  ])("refuses %j", async (argv, says) => {
    const { code, out, err } = await serving(argv);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(says);
  });

  it("refuses a setting of the environment by its name", async () => {
    const { code, err } = await serving([], undefined, { AUTO_EXTEND_MOCK_PORT: "many" });
    expect(code).toBe(2);
    expect(err).toContain('AUTO_EXTEND_MOCK_PORT can\'t be "many". Give a whole number');
  });

  it("does not mind an invalid variable where nothing needs it", async () => {
    const env = { AUTO_EXTEND_MOCK_LOG: "x", AUTO_EXTEND_MOCK_PORT: "many", AUTO_EXTEND_MOCK_CORS: "x" };
    for (const argv of [["--help"], ["--version"], ["faults"], ["world", "new", "--orders", "1"]]) {
      expect(await serving(argv, undefined, env)).toMatchObject({ code: 0, err: "" });
    }
    const given = ["--log", "json", "--port", "0", "--cors", "http://localhost:5173"];
    expect(await serving(given, undefined, env)).toMatchObject({ code: 0, err: "" });
  });

  it("lists all problems of a world file, with its name", async () => {
    const file = join(folder, "bad.json");
    await writeFile(file, '{"version":1,"accounts":[{"id":1}]}');
    const bad = await serving(["--world", file]);
    expect(bad.code).toBe(2);
    expect(bad.err).toContain(file);
    expect(bad.err).toContain("line 1, accounts[0].id: ");
    expect(bad.err).toContain("accounts[0].balance");
    await writeFile(file, '{\n "apiKey":canary-key-01');
    const broken = await serving(["--world", file]);
    expect(broken.err).toContain("is not valid JSON: unexpected text (line 2, column 11)");
    expect(broken.err).not.toContain("canary");
  });

  it.skipIf(process.platform === "win32")(
    "shows the lines of a world's problems, also from a pipe",
    async () => {
      const pipe = join(folder, "pipe");
      execFileSync("mkfifo", [pipe]);
      // Reading blocks this process until the other one writes.
      spawn("sh", ["-c", `printf '{\n"version":1,\n"accounts":5}' > '${pipe}'`]);
      const { code, err } = await serving(["--world", pipe]);
      expect([code, err]).toEqual([2, expect.stringContaining("line 3, accounts: must be a list")]);
    },
  );

  it("shows help with examples, and its version", async () => {
    const help = await serving(["--help"]);
    expect(help).toMatchObject({ code: 0, err: "" });
    expect(help.out).toContain("Examples:");
    const version = await serving(["--version"]);
    expect(version.out).toMatch(/^\d+\.\d+\.\d+/);
  });
});
