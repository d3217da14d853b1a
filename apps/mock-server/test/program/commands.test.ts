import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Command } from "commander";
import { describe, expect, it, onTestFinished } from "vitest";
import { type MockServerOptions, presets, startMockServer } from "../../src/index.js";
import { addExplainCommand, ExplainError } from "../../src/program/explain-command.js";
import { addFaultsCommand } from "../../src/program/faults-command.js";
import { send } from "../control-api/mock.js";

/** Runs a sub-command in this process; whatever stops it is thrown. */
async function run(argv: string[], env: Record<string, string> = {}): Promise<string> {
  let out = "";
  const stdout = (text: string) => {
    out += text;
  };
  const program = new Command("auto-extend-mock")
    .exitOverride()
    .configureOutput({ writeOut: stdout, writeErr: () => {}, outputError: () => {} });
  addExplainCommand(program, { env, stdout });
  addFaultsCommand(program, { stdout });
  await program.parseAsync(argv, { from: "user" });
  return out;
}

async function startMock(options: MockServerOptions = {}) {
  const mock = await startMockServer(options);
  onTestFinished(() => mock.close());
  return mock;
}

/** A server that is no mock. */
async function startOther(status: number, headers: Record<string, string>, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status, headers).end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("auto-extend-mock explain", () => {
  it("tells the story of a request, or of the last one", async () => {
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

  it("tells it as JSON", async () => {
    const mock = await startMock();
    await send(mock.url);
    const story = JSON.parse(await run(["explain", "--json", "--url", mock.url]));
    expect(story).toEqual(JSON.parse(JSON.stringify(mock.explain("request-1"))));
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

  it("bears the token of a mock that wants one, from the command line or the environment", async () => {
    const mock = await startMock({ controlToken: "token-1" });
    await send(mock.url);
    const argv = ["explain", "--url", mock.url];
    expect(await run([...argv, "--control-token", "token-1"])).toContain("request-1");
    expect(await run(argv, { AUTO_EXTEND_MOCK_CONTROL_TOKEN: "token-1" })).toContain("request-1");
    const wrong = run([...argv, "--control-token", "token-2"], { AUTO_EXTEND_MOCK_CONTROL_TOKEN: "token-1" });
    await expect(wrong).rejects.toThrow(/wants its token.*--control-token TOKEN/);
  });

  it("says how to start a mock where there is none", async () => {
    const mock = await startMockServer();
    await mock.close();
    const asked = run(["explain", "--url", mock.url]);
    await expect(asked).rejects.toThrow(ExplainError);
    await expect(asked).rejects.toThrow(
      /No mock answers at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)\. Start one with npx @auto-extend\/mock-server .*--url/,
    );
  });

  it("says what the log does have where the request is not in it", async () => {
    const mock = await startMock();
    await expect(run(["explain", "--url", mock.url])).rejects.toThrow("send one first");
    await expect(run(["explain", "request-9/..", "--url", mock.url])).rejects.toThrow("keeps the last ones");
  });

  it.each([
    [200, { "content-type": "text/html" }, "<h1>Hello</h1>"],
    [404, { "content-type": "text/plain" }, "no"],
    [302, { location: "http://127.0.0.1:1/" }, ""],
  ] as const)("says that what answers is no mock: %s %j", async (status, headers, body) => {
    const asked = run(["explain", "--url", await startOther(status, headers, body)]);
    await expect(asked).rejects.toThrow(`is no mock that explains requests (HTTP ${status})`);
  });

  it("shows what is wrong as the mock says it, even where that is no JSON", async () => {
    const url = await startOther(500, { "content-type": "application/problem+json" }, "broken\u001b");
    await expect(run(["explain", "--url", url])).rejects.toThrow("broken\\u001b");
  });

  it.each([
    [["explain", "--url", "127.0.0.1:4010"], {}],
    [["explain", "--url", "ftp://127.0.0.1"], {}],
    [["explain"], { AUTO_EXTEND_MOCK_URL: "somewhere" }],
    [["explain", "request-1", "request-2"], {}],
    [["explain", "--port", "1"], {}],
    [["faults", "slow"], {}],
  ])("can't be used as %j with %j", async (argv, env) => {
    await expect(run(argv, env)).rejects.toMatchObject({ name: "CommanderError", exitCode: 1 });
  });

  it("shows no token in its help", async () => {
    let help = "";
    const program = new Command().exitOverride().configureOutput({ writeOut: (text) => (help += text) });
    addExplainCommand(program, { env: { AUTO_EXTEND_MOCK_CONTROL_TOKEN: "token-1" }, stdout: () => {} });
    await program.parseAsync(["explain", "--help"], { from: "user" }).catch(() => {});
    expect(help).toContain("AUTO_EXTEND_MOCK_CONTROL_TOKEN");
    expect(help).not.toContain("token-1");
  });
});

describe("auto-extend-mock faults", () => {
  it("shows every preset with its options, and the ways to ask for one", async () => {
    const text = await run(["faults"]);
    for (const { name, description, options, operations } of presets) {
      expect(text).toContain(`  ${name} `);
      expect(text).toContain(description);
      if (operations) expect(text).toContain(`strikes ${operations.join(", ")}; `);
      for (const option of options) expect(text).toContain(`${option.name}=${option.fallback}  `);
    }
    expect(text).toContain("prefer: fault=slow; ms=500");
    expect(text).toContain("fault=slow+lost-answer");
    expect(text).toContain("/__mock/faults");
    expect(text).toContain("fault-slow:ms=500");
  });

  it("shows examples that can be followed", async () => {
    const mock = await startMock();
    const text = await run(["faults"]);
    const [, order = ""] = /-d '(.*)'/.exec(text) ?? [];
    mock.faults.add(JSON.parse(order));
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
