import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { type MockServerOptions, presets, startMockServer } from "../../src/index.js";
import { send } from "../control-api/mock.js";
import { runProgram } from "../support/program.js";

/** The output of a command that succeeds. */
async function run(argv: string[], env: Record<string, string> = {}): Promise<string> {
  const { code, out, err } = await runProgram(argv, { env });
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return out;
}

/** The message of a command that fails: 1 if it is not possible, 2 if the input is wrong. */
async function failed(argv: string[], env: Record<string, string> = {}, expected = 1): Promise<string> {
  const { code, out, err } = await runProgram(argv, { env });
  expect({ code, out }).toEqual({ code: expected, out: "" });
  return err;
}

const secret = "realsecretkey42";

async function startMock(options: MockServerOptions = {}) {
  const mock = await startMockServer(options);
  onTestFinished(() => mock.close());
  return mock;
}

/** A server that is no mock. */
async function startOther(
  status: number,
  headers: Record<string, string>,
  body: string,
  health = body,
): Promise<string> {
  const server = createServer(({ url }, response) =>
    response.writeHead(status, headers).end(url === "/__mock/health" ? health : body),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("auto-extend-mock explain", () => {
  it("explains a request, or the last one", async () => {
    const mock = await startMock();
    await send(mock.url);
    await send(mock.url, { rentPeriodDays: 7 });
    const first = await run(["explain", "request-1", "--url", mock.url]);
    expect(first).toBe(`${mock.explain("request-1").text}\n`);
    expect(first).toContain("order 11111 (1 IP address): auto-extend off -> on");
    const last = await run(["explain"], { AUTO_EXTEND_MOCK_URL: mock.url });
    expect(last).toBe(await run(["explain", "last", "--url", `${mock.url}/`]));
    expect(last).toContain("broken");
  });

  it("explains the last request that the options select", async () => {
    const mock = await startMock();
    await send(mock.url);
    await send(mock.url, { rentPeriodDays: 7 });
    await fetch(`${mock.url}/client/api/v1/any-key/balance`);
    const url = ["--url", mock.url];
    const { code, out, err } = await runProgram(["explain", ...url]);
    expect({ code, out }).toEqual({ code: 0, out: `${mock.explain("request-3").text}\n` });
    expect(err).toBe("This request only reads. Use --change for the last switch.\n");
    expect(await run(["explain", "--change", ...url])).toContain("request-2");
    expect(await run(["explain", "--outcome", "done", "--operation", "setAutoExtend", ...url])).toContain(
      "request-1",
    );
    for (const json of [[], ["--json"]]) {
      const message = await failed(["explain", "--code", "16", ...json, ...url]);
      expect(message).toContain("The log has no matching request.");
    }
    expect(await failed(["explain", "--operation", "setAutoExtnd", ...url], {}, 2)).toContain(
      "setAutoExtend",
    );
  });

  it("explains it as JSON", async () => {
    const mock = await startMock();
    await send(mock.url);
    const explanation = JSON.parse(await run(["explain", "--json", "--url", mock.url]));
    expect(explanation).toEqual(JSON.parse(JSON.stringify(mock.explain("request-1"))));
  });

  it("lets nothing that was sent take over the terminal", async () => {
    const mock = await startMock();
    await fetch(`${mock.url}/client/api/v1/any-key/extend/order/auto`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "no JSON: \u001b[2J\u009b2J",
    });
    const text = await run(["explain", "--url", mock.url]);
    expect(text).toContain("no JSON: \\u001b[2J\\u009b2J");
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  it("sends the token of a mock that requires one, from the command line or the environment", async () => {
    const mock = await startMock({ controlToken: "token-1" });
    await send(mock.url);
    const argv = ["explain", "--url", mock.url];
    expect(await run([...argv, "--control-token", "token-1"])).toContain("request-1");
    expect(await run(argv, { AUTO_EXTEND_MOCK_CONTROL_TOKEN: "token-1" })).toContain("request-1");
    for (const option of ["--control-token", "--api-key"]) {
      const says = await failed([...argv, option, "\u201csecret\u201d"], {}, 2);
      expect(says).toContain(
        `${option} contains a character that is not allowed in an HTTP header (only printable ASCII is). Copy it again`,
      );
      expect(says).not.toContain("secret");
    }
    const wrong = [...argv, "--control-token", "token-2"];
    expect(await failed(wrong, { AUTO_EXTEND_MOCK_CONTROL_TOKEN: "token-1" })).toContain(
      "The control token is wrong.",
    );
    expect(await failed(argv)).toContain(
      `The mock at ${mock.url} requires its control token. Pass it with --control-token TOKEN`,
    );
  });

  it("says how to start a mock if none answers", async () => {
    const mock = await startMockServer();
    await mock.close();
    for (const command of [
      ["explain"],
      ["clock"],
      ["clock", "next"],
      ["faults", "list"],
      ["requests"],
      ["reset"],
      ["state"],
    ]) {
      expect(await failed([...command, "--url", mock.url])).toBe(
        `No mock answers at ${mock.url} (ECONNREFUSED).\nStart one on this machine: auto-extend-mock --port ${mock.port}\nOr name another one with --port PORT or --url URL.\n`,
      );
    }
  });

  it.each([
    [() => "http://127.0.0.1:1", "Port 1 can't be used: fetch and browsers block it."],
    [() => "http://mock.invalid:4010", "The host name mock.invalid can't be found ("],
    [(mock: string) => `${mock}/api`, "/api. Give the URL of the mock without a path."],
    [(mock: string) => `${mock}/client/api/v1/${secret}`, "/v1/[redacted]. Give the URL of the mock without"],
  ])("says what is wrong with the URL of a mock: %s", async (urlOf, says) => {
    const mock = await startMock();
    const text = await failed(["state", "--url", urlOf(mock.url)]);
    expect(text).toContain(says);
    expect(text).not.toContain("Start one");
  });

  it.each([
    ["state", "--url", `URL/?apiKey=${secret}`],
    ["reset", "--url", `URL/client/api/v1/${secret}`, "--url", "URL"],
    ["state", "--url", secret],
    ["state", "--url", `http://${secret}:${secret}@127.0.0.1:1`],
    ["state", "--account", secret],
    ["requests", "--account", secret, "--url", "URL"],
    ["explain", secret, "--url", "URL"],
    ["faults", "add", secret, "--url", "URL"],
    ["faults", "add", "slow", `${secret}=1`, "--url", "URL"],
    ["faults", "add", "slow", secret, "--url", "URL"],
    ["faults", "clear", secret, "--url", "URL"],
    ["clock", secret],
    [secret],
  ])("quotes no API key in the wrong place: %j", async (...argv) => {
    const mock = await startMock();
    await send(mock.url);
    const { code, out, err } = await runProgram(argv.map((word) => word.replace("URL", mock.url)));
    expect({ out, isRefused: code === 1 || code === 2 }).toEqual({ out: "", isRefused: true });
    expect(err).toMatch(/^[A-Z"-]/);
    expect(err).not.toContain(secret);
  });

  it("quotes no API key of a URL in the environment", async () => {
    expect(await failed(["state"], { AUTO_EXTEND_MOCK_URL: secret }, 2)).not.toContain(secret);
  });

  it("says why the log does not have a request", async () => {
    const mock = await startMock();
    expect(await failed(["explain", "--url", mock.url])).toContain("Send one first");
    expect(await failed(["explain", "request-9/..", "--url", mock.url])).toBe(
      'The log has no request "request-9/..". It keeps only the most recent requests, and is emptied by a reset or when it is cleared.\n',
    );
  });

  it.each([
    [200, { "content-type": "text/html" }, "<h1>Hello</h1>"],
    [404, { "content-type": "text/plain" }, "no"],
    [302, { location: "http://127.0.0.1:1/" }, ""],
  ] as const)("says that a server is not a mock: %s %j", async (status, headers, body) => {
    const text = await failed(["explain", "--url", await startOther(status, headers, body)]);
    expect(text).toContain(`is not a mock, or it is a mock of another version (HTTP ${status})`);
  });

  it("says that nothing answers behind a load balancer", async () => {
    const url = await startOther(502, { "content-type": "text/html" }, "<h1>Bad Gateway</h1>");
    expect(await failed(["state", "--url", url])).toBe(
      `${url} answered HTTP 502: no mock answers behind it.\n`,
    );
  });

  it("shows the error of the mock, even if it is not JSON", async () => {
    const url = await startOther(500, { "content-type": "application/problem+json" }, "broken\u001b");
    expect(await failed(["explain", "--url", url])).toContain("broken\\u001b");
  });

  it.each([
    [["explain", "--url", "127.0.0.1:4010"], {}],
    [["explain", "--url", "ftp://127.0.0.1"], {}],
    [["explain"], { AUTO_EXTEND_MOCK_URL: "somewhere" }],
    [["explain"], { AUTO_EXTEND_MOCK_PORT: "0" }],
    [["explain", "request-1", "--change"], {}],
    [["explain", "request-1", "request-2"], {}],
    [["explain", "--world", "world.json"], {}],
    [["explain", "--port", "1", "--url", "http://127.0.0.1:1"], {}],
    [["faults", "slow"], {}],
    [["faults", "add"], {}],
    [["faults", "add", "slow", "500"], {}],
    [["faults", "add", "slow", "--share", "half"], {}],
    [["clock", "advance"], {}],
    [["clock", "advance", "30"], {}],
    [["clock", "back"], {}],
    [["requests", "--outcome", "fine"], {}],
    [["state", "--account", "default", "--api-key", "any-key"], {}],
    [["clock", "--port", "1", "freeze"], {}],
    [["requests", "--account", "default", "clear"], {}],
    [["faults", "--json", "list"], {}],
  ])("refuses %j with %j in the environment", async (argv, env) => {
    const { code, out, err } = await runProgram(argv, { env });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^[A-Z"-].*[.?]\nAll options: auto-extend-mock [a-z ]+ --help\n$/);
  });

  it("refuses an option before the command, which would name another mock", async () => {
    const says = '--port must come after "freeze".';
    expect(await failed(["--port", "1", "clock", "freeze"], {}, 2)).toContain(says);
    expect(await failed(["clock", "--port", "1", "freeze"], {}, 2)).toContain(says);
  });

  it("shows no token in its help", async () => {
    const help = await run(["explain", "--help"], { AUTO_EXTEND_MOCK_CONTROL_TOKEN: "token-1" });
    expect(help).toContain("AUTO_EXTEND_MOCK_CONTROL_TOKEN");
    expect(help).not.toContain("token-1");
  });

  it("finds a mock by its port, in an option or as the mock itself reads it", async () => {
    const mock = await startMock();
    await send(mock.url);
    expect(await run(["explain", "--port", String(mock.port)])).toContain("request-1");
    expect(await run(["explain"], { AUTO_EXTEND_MOCK_PORT: String(mock.port) })).toContain("request-1");
  });
});

describe("auto-extend-mock faults", () => {
  it("shows every preset with its options, and how to use one", async () => {
    const text = await run(["faults"]);
    for (const { name, description, options, operations } of presets) {
      expect(text).toContain(`  ${name}: `);
      expect(text).toContain(description);
      if (operations)
        expect(text).toContain(`${description} (only in answers of ${operations.join(", ")})\n`);
      for (const option of options) expect(text).toContain(`      ${option.name}=${option.default} `);
    }
    expect(text).toContain("prefer: fault=slow; ms=500");
    expect(text).toContain("fault=slow+lost-answer");
    expect(text).toContain("auto-extend-mock faults add gateway-502");
    expect(text).toContain("fault-slow:ms=500");
  });

  it("shows examples that work", async () => {
    const mock = await startMock();
    const text = await run(["faults"]);
    const [, argv = ""] = /auto-extend-mock (faults add .*)\n/.exec(text) ?? [];
    await run([...argv.split(" "), "--url", mock.url]);
    expect((await send(mock.url)).status).toBe(502);
    mock.faults.remove();
    for (const [, prefer] of text.matchAll(/prefer: (fault=[^']*)'/g)) {
      await send(mock.url, { prefer: prefer?.replaceAll("500", "1") ?? "" }).catch(() => {});
    }
    expect(mock.requests().map(({ fault }) => fault?.triggers.map(({ name }) => name))).toEqual([
      ["gateway-502"],
      ["slow"],
      ["slow", "lost-answer"],
    ]);
  });

  it("prints the table as JSON", async () => {
    const table = JSON.parse(await run(["faults", "--json"]));
    expect(table).toEqual(presets.map(({ fault: _, ...preset }) => preset));
  });
});

describe("auto-extend-mock faults add, list and clear", () => {
  it("adds a fault with its options and what it is for", async () => {
    const mock = await startMock();
    const argv = [
      "faults",
      "add",
      "slow",
      "ms=5",
      "jitter=1",
      "--times",
      "2",
      "--share",
      "0.5",
      "--seed",
      "3",
    ];
    const which = ["--order", "11111", "--operation", "setAutoExtend", "--type", "ipv4", "--switch", "off"];
    const text = await run([...argv, ...which, "--url", mock.url]);
    expect(text).toBe(
      "fault-1  slow ms=5 jitter=1  for 2 more requests with operation setAutoExtend, type IPv4, order 11111, switch off; a share of 0.5; injected 0 times\n",
    );
    expect(mock.faults.list()).toMatchObject([
      { preset: "slow", fault: { delay: { ms: 5, jitter: 1 } }, left: 2, share: 0.5, seed: 3 },
    ]);
    expect(await run(["faults", "list", "--url", mock.url])).toBe(text);
    const listed = JSON.parse(await run(["faults", "list", "--json", "--url", mock.url]));
    expect(listed).toEqual(JSON.parse(JSON.stringify(mock.faults.list())));
  });

  it("adds one for an account alone, and removes one or all", async () => {
    const mock = await startMock();
    const url = ["--url", mock.url];
    const added = await run(["faults", "add", "empty", "--api-key", "my-key", "--json", ...url]);
    expect(JSON.parse(added)).toMatchObject({ id: "fault-1", match: { account: expect.any(String) } });
    await run(["faults", "add", "empty", ...url]);
    await run(["faults", "add", "empty", ...url]);
    expect(await run(["faults", "clear", "fault-2", ...url])).toBe("Removed fault-2.\n");
    expect(mock.faults.list().map(({ id }) => id)).toEqual(["fault-1", "fault-3"]);
    expect(await run(["faults", "clear", "--api-key", "my-key", ...url])).toBe(
      "Removed the faults of this account.\n",
    );
    expect(mock.faults.list().map(({ id }) => id)).toEqual(["fault-3"]);
    expect(await run(["faults", "clear", ...url])).toBe("Removed all faults.\n");
    expect(await run(["faults", "list", ...url])).toBe("No faults are queued.\n");
  });

  it("suggests the nearest preset or option, and exits with 2 as for any wrong input", async () => {
    const mock = await startMock();
    const add = (...argv: string[]) => failed(["faults", "add", ...argv, "--url", mock.url], {}, 2);
    expect(await add("slower")).toContain('Unknown preset "slower". Did you mean "slow"?');
    expect(await add("nonsense-of-mine")).toContain(
      " The command auto-extend-mock faults lists all presets.\n",
    );
    expect(await add("slow", "seconds=5")).toContain('no option "seconds". Known: ms, jitter.');
    expect(await add("slow", "500")).toContain("NAME=VALUE");
    expect(await add("slow", "--share", "2")).toContain(`--share can't be "2". It must be at most 1.`);
    expect(await add("slow", "--operation", "getBalance", "--order", "1")).toContain(
      "requests of getBalance have no orderIds. Name one of the two, not both.",
    );
    expect(await failed(["faults", "clear", "fault-9", "--url", mock.url])).toBe(
      'No queued fault has the ID "fault-9". It may have been used up or removed.\n',
    );
  });
});

describe("auto-extend-mock clock", () => {
  it("shows the clock, and moves it", async () => {
    const mock = await startMock({ now: () => Date.UTC(2030, 0, 1) });
    const clock = (...argv: string[]) => run(["clock", ...argv, "--url", mock.url]);
    expect(await clock()).toBe(
      "It is 2030-01-01T00:00:00.000Z.\nNo renewal is due: no account in use has auto-extend on for an order that can renew.\n",
    );
    await send(mock.url);
    expect(await clock("--account", "default")).toContain(
      "\nNo renewal is due: this account does not have auto-extend on for an order that can renew.\n",
    );
    expect(await clock("--api-key", "any-key")).toContain(
      "\nThe next renewal of this account is due at 2030-01-31T00:00:00.000Z.\n",
    );
    expect(await clock("advance", "0.25W", "18h")).toBe(
      "Meanwhile: 0 renewals paid, 0 unpaid, 0 groups of addresses expired.\nIt is 2030-01-03T12:00:00.000Z.\nThe next renewal is due at 2030-01-31T00:00:00.000Z.\n",
    );
    expect(await clock("next")).toMatch(/^Meanwhile: 1 renewal paid, .*\nIt is 2030-01-31T00:00:00\.000Z\./);
    expect(await clock("to", "2030-02-01")).toContain("It is 2030-02-01T00:00:00.000Z.\n");
    expect(await clock("freeze")).toMatch(/^It is .*, and the clock is frozen\.\n/);
    expect(await clock("resume")).toMatch(/^It is 2030-02-01T00:00:00\.000Z\.\n/);
    expect(JSON.parse(await clock("--json"))).toEqual(mock.clock.state());
    expect(JSON.parse(await clock("advance", "30d", "--json"))).toMatchObject({ renewed: 1, frozen: false });
  });

  it("says why it can't be moved", async () => {
    const mock = await startMock();
    const url = ["--url", mock.url];
    expect(await failed(["clock", "to", "2001-01-01T00:00:00Z", ...url])).toContain("can't go back");
    expect(await failed(["clock", "next", ...url])).toBe(
      "No renewal is due: no account in use has auto-extend on for an order that can renew. Switch an order on first.\n",
    );
    expect(await failed(["clock", "to", "tomorrow", ...url], {}, 2)).toContain(
      '"tomorrow" is not a valid time. It must be a date, or a date and time with its zone, such as 2030-01-31 or',
    );
    expect(await failed(["clock", "to", "2030-01-31T12:00", ...url], {}, 2)).toContain("with its zone");
    expect(await failed(["clock", "to", "2027-02-29T00:00:00Z", ...url], {}, 2)).toContain(
      "It is not a date that exists.",
    );
    expect(await failed(["clock", "advance", "0d", ...url], {}, 2)).toContain("The span must be more than 0");
  });
});

describe("auto-extend-mock requests", () => {
  it("lists the last ones, or those that were chosen", async () => {
    const mock = await startMock();
    for (const rentPeriodDays of [30, 7, 30]) await send(mock.url, { rentPeriodDays });
    const requests = (...argv: string[]) => run(["requests", ...argv, "--url", mock.url]);
    const all = await requests();
    expect(all.match(/request-\d POST setAutoExtend \(.*\) 200/g)).toHaveLength(3);
    expect(await requests("--limit", "1")).toBe(`${all.trimEnd().split("\n").at(-1)}\n`);
    const refused = [
      "--outcome",
      "refused",
      "--code",
      "11",
      "--order",
      "11111",
      "--type",
      "IPv4",
      "--status",
      "200",
    ];
    expect(await requests(...refused)).toMatch(/^\S+ request-2 .* error 11: .*\n$/);
    expect(JSON.parse(await requests(...refused, "--json"))).toMatchObject([{ id: "request-2" }]);
    expect(await requests("--operation", "getBalance")).toBe("The log has no matching request.\n");
    expect(await requests("clear", "--account", "default")).toBe(
      "Removed the requests of this account from the log.\n",
    );
    expect(mock.requests()).toHaveLength(3);
    expect(await requests("clear")).toBe("Emptied the request log.\n");
    expect(mock.requests()).toEqual([]);
  });

  it("lets nothing that was sent take over the terminal", async () => {
    const mock = await startMock();
    await send(mock.url, { proxyType: "\u001b[2J" });
    expect(await run(["requests", "--url", mock.url])).not.toMatch(/(?!\n)\p{Cc}/u);
  });
});

describe("auto-extend-mock state and reset", () => {
  it("shows accounts and orders, and goes back to the start", async () => {
    const mock = await startMock({ now: () => Date.UTC(2030, 0, 1) });
    await send(mock.url);
    const state = (...argv: string[]) => run(["state", ...argv, "--url", mock.url]);
    const on = "  11111  IPv4    1 address    on   30 days  ends 2030-01-31T00:00Z\n";
    expect(await state()).toMatch(
      /^Template account default, copied for each new API key: 5 USD, 6 orders\n/,
    );
    const own = await state("--api-key", "my-key");
    expect(own.match(/^Account /gm)).toHaveLength(1);
    expect(await state()).toContain(on);
    expect(await state("--account", "default", "--limit", "1")).toMatch(
      /\n {2}11111 .*\n {2}and 5 more orders: --limit 6 shows all\n$/,
    );
    expect(JSON.parse(await state("--json"))).toEqual(mock.state());
    expect(await failed(["state", "--account", "nobody", "--url", mock.url])).toContain(
      'There is no account with the ID "nobody". Known: default, account-',
    );
    expect(await run(["reset", "--account", "default", "--url", mock.url])).toBe("Reset the account.\n");
    expect(await state()).toContain(on);
    mock.clock.advance({ days: 400 });
    expect(await state("--api-key", "my-key")).toMatch(/ 33333 .* expired 2030-\d\d-\d\dT00:00Z\n/);
    expect(await run(["reset", "--url", mock.url])).toBe(
      "Reset the mock: starting state, empty log, no queued faults.\n",
    );
    expect(await state()).not.toContain(on);
  });

  it("do not claim to have reset the orders behind a mock that forwards requests", async () => {
    const { url } = await startMock({ upstream: "http://127.0.0.1:1" });
    expect(await run(["reset", "--url", url])).toBe(
      "Emptied the request log and removed all queued faults. The upstream server was not reset.\n",
    );
  });
});

describe("a command for several mocks", () => {
  async function startThree() {
    const mocks = [await startMock(), await startMock(), await startMock()] as const;
    return { mocks, urls: mocks.flatMap(({ url }) => ["--url", url]) };
  }

  it("is carried out at each, and shows each result below its URL", async () => {
    const { mocks, urls } = await startThree();
    const frozen = await run(["clock", "freeze", ...urls]);
    for (const mock of mocks) {
      expect(mock.clock.state().frozen).toBe(true);
      expect(frozen).toContain(`${mock.url}\n  It is ${mock.clock.state().now}, and the clock is frozen.\n`);
    }
    const added = JSON.parse(await run(["faults", "add", "slow", "ms=500", "--json", ...urls]));
    expect(Object.keys(added)).toEqual(mocks.map(({ url }) => url));
    for (const mock of mocks) expect(added[mock.url]).toEqual(mock.faults.list()[0]);
    expect(await run(["faults", "list", ...urls])).toContain(`${mocks[2].url}\n  fault-1  slow`);
    expect(Object.keys(JSON.parse(await run(["state", "--json", ...urls])))).toEqual(
      mocks.map(({ url }) => url),
    );
    expect(await run(["reset", ...urls])).toBe(
      mocks
        .map(({ url }) => `${url}\n  Reset the mock: starting state, empty log, no queued faults.\n`)
        .join(""),
    );
    for (const mock of mocks) expect(mock.faults.list()).toEqual([]);
  });

  it.each([
    "requests",
    "requests clear",
    "explain",
    "explain request-1",
    "state",
    "faults add slow",
    "faults list",
    "faults clear",
    "clock",
    "clock advance 1h",
    "clock to 2999-01-31",
    "clock next",
    "clock freeze",
    "clock resume",
    "reset",
  ])("can be limited to an account: %s", async (command) => {
    const { mocks, urls } = await startThree();
    for (const { url, clock } of mocks) {
      clock.freeze();
      await send(url);
    }
    const [account] = mocks[0].state().accounts.filter(({ id }) => id !== "default");
    for (const limit of [`--account=${account?.id}`, "--api-key=any-key"]) {
      const results = JSON.parse(await run([...command.split(" "), "--json", ...urls, limit]));
      expect(Object.keys(results)).toEqual(mocks.map(({ url }) => url));
    }
  });

  it("is carried out nowhere if one of them does not answer", async () => {
    const { mocks, urls } = await startThree();
    await mocks[2].close();
    expect(await failed(["clock", "freeze", ...urls])).toContain(`No mock answers at ${mocks[2].url}`);
    expect(mocks[0].clock.state().frozen).toBe(false);
  });

  it("is carried out nowhere if two URLs lead to the same mock", async () => {
    const { mocks, urls } = await startThree();
    const again = ["--url", mocks[1].url.replace("127.0.0.1", "localhost")];
    expect(await failed(["clock", "freeze", ...urls, ...again], {}, 2)).toContain("are the same mock.");
    expect(mocks[0].clock.state().frozen).toBe(false);
  });

  it("says where it was carried out if one of them refuses", async () => {
    const { mocks, urls } = await startThree();
    await send(mocks[0].url);
    await send(mocks[2].url);
    const message = await failed(["clock", "next", ...urls]);
    expect(message).toContain(`At ${mocks[1].url}: `);
    expect(message).toContain(`Done at ${mocks[0].url}.\nNot tried at ${mocks[2].url}.`);
    const other = await failed(["clock", "next", "--url", mocks[1].url, "--url", mocks[0].url]);
    expect(other).toContain("Nothing was done at the others.");
  });

  it("says where it was carried out if an answer breaks off", async () => {
    const { url } = await startMock();
    const broken = await startOther(
      200,
      { "content-type": "application/json" },
      '{"now":',
      '{"run":"other"}',
    );
    const message = await failed(["clock", "freeze", "--url", url, "--url", broken]);
    expect(message).toContain(`At ${broken}: `);
    expect(message).toContain(`Done at ${url}.`);
  });
});

it.each([
  ["error", '"29" is not an option of a preset. Write it as NAME=VALUE, such as code=35.'],
  ["slow", '"29" is not an option of a preset. Write it as NAME=VALUE, such as ms=1000.'],
  ["lost-answer", 'The preset lost-answer has no options. Remove "29".'],
])("says how to write the options of %s", async (preset, says) => {
  const { err } = await runProgram(["faults", "add", preset, "29"]);
  expect(err).toContain(says);
});
