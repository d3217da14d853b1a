import { describe, expect, it, vi } from "vitest";
import { environmentError } from "../src/app/errors.js";
import { balance } from "../src/commands/balance.js";
import { offIPv4, runCli, runJson } from "./support/cli.js";
import { answer, deadUrl, failure, serve, serveSuccess, successFor } from "./support/server.js";

const off = [...offIPv4, "111", "--base-url"];

it("comes with the advice to change the folder if that of the program was deleted", () => {
  const gone = Object.assign(new Error("ENOENT"), { code: "ENOENT", syscall: "uv_cwd" });
  expect(environmentError(gone, "none").details.whatToDo).toContain("change to another");
});

describe("the exit code", () => {
  it("is 1 if the provider refuses", async () => {
    const server = await serve((response) => answer(response, failure(29, "Incorrect orderIds")));
    const output = await runJson([...off, server.url]);
    expect(output).toMatchObject({
      exitCode: 1,
      host: server.host,
      result: { summary: { refused: 1 }, failures: [{ outcome: "refused", code: 29 }] },
      error: { name: "ApiError", effect: "none", code: 29, status: 200, attempts: 1, body: { balance: 5 } },
    });
    const { stdout, stderr } = await runCli([...off, server.url]);
    expect(stdout).toMatch(/^type,orderId,days,outcome,code,message\nIPv4,111,30,refused,29,/);
    expect(stderr).toContain(
      'error: The provider refused: error 29, "Incorrect orderIds". At least one order ID',
    );
    expect(stderr).toContain("Check that each is an orderId");
  });

  it("is 1 for an unknown error code, which is passed on as it came", async () => {
    const server = await serve((response) => answer(response, failure(7777, "Mercury in retrograde")));
    const output = await runJson([...off, server.url]);
    expect(output).toMatchObject({ exitCode: 1, error: { code: 7777 } });
    expect(output.error?.message).toContain("Mercury in retrograde");
  });

  it("is 3 if an earlier attempt may have been carried out before the provider refused", async () => {
    const server = await serve((response, _, number) =>
      number === 1 ? response.destroy() : answer(response, failure(29, "Incorrect orderIds")),
    );
    const output = await runJson([...off, server.url]);
    expect(output).toMatchObject({ exitCode: 3, error: { name: "ApiError", effect: "unknown", code: 29 } });
    expect(output.error?.message).toContain("an earlier attempt");
    expect(output.error?.whatToDo).toContain("Run the same command again");
  });

  it("is 3 after a timeout", async () => {
    const server = await serve(() => {});
    const output = await runJson([...off, server.url, "--timeout", "0.1"]);
    expect(output).toMatchObject({ exitCode: 3, error: { name: "TimeoutError", effect: "unknown" } });
    expect(output.error?.whatToDo).toContain(
      "repeating it should do no harm, since it sets a state (the provider does not promise it)",
    );
    const read = await runJson(["balance", "--base-url", server.url, "--timeout", "0.1"]);
    expect(read).toMatchObject({
      exitCode: 5,
      error: { whatToDo: "Give the server more time with --timeout, or run the same command again later." },
    });
  });

  it("is 5 for a port that Node does not connect to", async () => {
    const { exitCode, error } = await runJson([...off, "http://127.0.0.1:1"]);
    expect({ exitCode, effect: error?.effect }).toEqual({ exitCode: 5, effect: "none" });
    expect(error?.whatToDo).toContain("Correct the port of the base URL");
  });

  it("is 3 if the answer is lost", async () => {
    const server = await serve((response) => response.destroy());
    expect(await runJson([...off, server.url])).toMatchObject({
      exitCode: 3,
      error: { name: "NetworkError", effect: "unknown", attempts: 3 },
    });
  });

  it("is 3 if the server speaks no TLS, with the advice to check the protocol", async () => {
    const server = await serveSuccess();
    const output = await runJson([...off, server.url.replace("http:", "https:")]);
    expect(output).toMatchObject({
      exitCode: 3,
      error: { name: "NetworkError", effect: "unknown", code: "ERR_SSL_WRONG_VERSION_NUMBER" },
    });
    expect(output.error?.whatToDo).toMatch(
      /not seem to speak TLS at this port.* http:\/\/\. Run the same command/,
    );
    const read = await runJson(["balance", "--base-url", server.url.replace("http:", "https:")]);
    expect(read).toMatchObject({ exitCode: 5, error: { whatToDo: expect.stringMatching(/http:\/\/\.$/) } });
  });

  it("is 3 if the server fails", async () => {
    const server = await serve((response) => response.writeHead(502).end("Bad gateway"));
    expect(await runJson([...off, server.url])).toMatchObject({
      exitCode: 3,
      error: { name: "HttpError", effect: "unknown", status: 502, body: "Bad gateway" },
    });
  });

  it("is 4 if the answer reports success and does not fit the request", async () => {
    const server = await serve((response, { body }) =>
      answer(response, { ...successFor(body), rentPeriodDays: 360 }),
    );
    const output = await runJson([...off, server.url]);
    expect(output).toMatchObject({
      exitCode: 4,
      error: { name: "ContractError", effect: "reported-applied", issues: [{ path: "rentPeriodDays" }] },
    });
    expect(output.error?.whatToDo).toContain("look the orders up");
  });

  it("is 4 if something else than the API answers", async () => {
    const server = await serve((response) => response.writeHead(404).end("<h1>Not found</h1>"));
    const output = await runJson([...off, server.url]);
    expect(output).toMatchObject({ exitCode: 4, error: { name: "HttpError", effect: "none", status: 404 } });
    expect(output.error?.whatToDo).toContain("--base-url");
  });

  it.each([
    [400, "--json shows"],
    [401, "Check the API key"],
    [403, "Check the API key"],
    [405, "--base-url"],
    [413, "Send fewer orders"],
  ])("is 4 for HTTP %i, with what to do about it: %s", async (status, whatToDo) => {
    const server = await serve((response) => response.writeHead(status).end("No"));
    const output = await runJson([...off, server.url]);
    expect(output).toMatchObject({ exitCode: 4, error: { name: "HttpError", effect: "none", status } });
    expect(output.error?.whatToDo).toContain(whatToDo);
    expect(output.error?.whatToDo.includes("--base-url")).toBe(whatToDo === "--base-url");
  });

  it("is 3 for a redirect, with the advice to check the base URL", async () => {
    const server = await serve((response) => response.writeHead(302, { location: "/login" }).end());
    const output = await runJson([...off, server.url]);
    expect(output).toMatchObject({ exitCode: 3, error: { effect: "unknown", status: 302 } });
    expect(output.error?.whatToDo).toMatch(/Check the base URL.* Run the same command again/);
  });

  it("is 4 if the answer is not JSON, with its beginning and the advice to check the base URL", async () => {
    const page = `<h1>Welcome</h1>\r\n\u001b]0;mine\u0007 ${"and more ".repeat(20)}`;
    const server = await serve((response) => response.end(page));
    const output = await runJson([...off, server.url]);
    expect(output).toMatchObject({ exitCode: 4, error: { name: "ContractError" } });
    // Texts of errors come without control characters.
    const shown = page.replaceAll("\r", "").replaceAll("\u001b", "").replaceAll("\u0007", "");
    expect(output.error).toMatchObject({ body: shown });
    expect(output.error?.message).toMatch(
      /The body is not JSON, and begins with "<h1>Welcome<\/h1> \]0;mine (?:and more ){5}and more a"\. The change may have been made\.$/,
    );
    expect(output.error?.whatToDo).toContain("--base-url");
    expect(output.error?.whatToDo).not.toContain("Run the same command again");
  });

  it("is 4 if the answer is empty, with the same advice", async () => {
    const server = await serve((response) => response.end());
    const output = await runJson([...off, server.url]);
    expect(output).toMatchObject({ exitCode: 4, error: { name: "ContractError", body: "" } });
    expect(output.error?.message).toMatch(
      /The body is empty, but JSON was expected\. The change may have been made\.$/,
    );
    expect(output.error?.whatToDo).toContain("--base-url");
  });

  it("is 5 if nothing listens", async () => {
    const output = await runJson([...off, await deadUrl()]);
    expect(output).toMatchObject({
      exitCode: 5,
      error: { name: "NetworkError", effect: "none", code: "ECONNREFUSED" },
    });
    expect(output.error?.whatToDo).toBe(
      "Start the server, such as the mock with `npx @auto-extend/mock-server`, or correct the base URL (--base-url or AUTO_EXTEND_BASE_URL). Then run the same command again.",
    );
  });

  it("says once for how long the server asks to wait, and when it continues", async () => {
    let requests = 0;
    const server = await serve((response) => {
      if (++requests > 1)
        return answer(response, { success: true, balance: 1, currencyCode: "USD", error: null });
      response.setHeader("retry-after", "2");
      answer(response, {}, 429);
    });
    const { exitCode, stderr } = await runCli(["balance", "--base-url", server.url]);
    expect(exitCode).toBe(0);
    expect(
      stderr.match(/^The server asks to wait 2 seconds: continuing at \S+ \d\d:\d\d:\d\d UTC\.$/gm),
    ).toHaveLength(1);
  });

  it("is 5 if the server asks to wait, since nothing was done", async () => {
    const server = await serve((response) =>
      response.writeHead(429, { "retry-after": "0" }).end("Slow down"),
    );
    expect(await runJson([...off, server.url])).toMatchObject({
      exitCode: 5,
      error: {
        name: "HttpError",
        effect: "none",
        status: 429,
        attempts: 3,
        whatToDo:
          "Wait. Then run the same command again. The option --rate of on, off, undo, price and forecast sends fewer requests per second.",
      },
    });
  });

  it.each([
    [429, 5, "none", "Then run the same command again. The option --rate of on, off"],
    [503, 3, "unknown", "Run the same command again: repeating it should do no harm"],
  ])(
    "for HTTP %i that asks for a longer pause is %i, and the pause is named",
    async (status, exitCode, effect, advice) => {
      const server = await serve((response) => response.writeHead(status, { "retry-after": "3600" }).end());
      const output = await runJson([...off, server.url]);
      expect(output).toMatchObject({ exitCode, error: { effect, status, attempts: 1 } });
      expect(output.error?.whatToDo).toContain(`The server asks to wait 1 hour. ${advice}`);
    },
  );

  it("for a page under HTTP 200 that asks for a pause names the pause", async () => {
    const server = await serve((response) =>
      response.writeHead(200, { "retry-after": "3600" }).end("<h1>Down for maintenance</h1>"),
    );
    const { error } = await runJson([...off, server.url]);
    expect(error).toMatchObject({ name: "ContractError", status: 200, retryAfterMs: 3_600_000 });
  });

  it.each([429, 503])("for HTTP %i with a rate limit that ends later names the pause", async (status) => {
    const reset = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "3600" };
    const server = await serve((response) => response.writeHead(status, reset).end());
    const { error } = await runJson([...off, server.url]);
    expect(error).toMatchObject({ status, attempts: 1, retryAfterMs: 3_600_000 });
    expect(error?.whatToDo).toContain("The server asks to wait 1 hour.");
  });

  it.each([
    [429, 5, "none", "Then run the same command again. The option --rate of on, off"],
    [408, 3, "unknown", "Run the same command again: repeating it should do no harm"],
    [503, 3, "unknown", "Run the same command again: repeating it should do no harm"],
  ])(
    "for a refusal under HTTP %i is %i, and the advice is about the server, not about the request",
    async (status, exitCode, effect, advice) => {
      const server = await serve((response) => {
        response.writeHead(status, { "retry-after": "3600", "content-type": "application/json" });
        response.end(JSON.stringify(failure(29, "Incorrect orderIds")));
      });
      const output = await runJson([...off, server.url]);
      expect(output).toMatchObject({ exitCode, error: { name: "ApiError", effect, status, code: 29 } });
      expect(output.error?.whatToDo).toContain(`The server asks to wait 1 hour. ${advice}`);
      expect(output.error?.whatToDo).not.toContain("orderId");
      expect(output.error?.message).toContain(`with HTTP ${status}: error 29`);
    },
  );

  it("is 3 if the server asks to wait after an answer that was lost", async () => {
    const server = await serve((response, _, number) =>
      number === 1 ? response.destroy() : response.writeHead(429, { "retry-after": "0" }).end(),
    );
    expect(await runJson([...off, server.url])).toMatchObject({
      exitCode: 3,
      error: { effect: "unknown", status: 429 },
    });
  });

  it("is 5 for a host that does not exist", async () => {
    expect(await runJson([...off, "https://no-such-host.invalid"])).toMatchObject({
      exitCode: 5,
      error: { name: "NetworkError", effect: "none" },
    });
  });

  it("is 70 for a bug, which is shown with its stack and how to report it", async () => {
    const surroundings = {
      terminal: true,
      confirm: () => Promise.reject(new RangeError("the prompt fell apart")),
    };
    const argv = ["on", "--no-preview", ...off.slice(1), await deadUrl()];
    const output = await runJson(argv, surroundings);
    expect(output).toMatchObject({ exitCode: 70, error: { name: "Bug", effect: "none" } });
    expect(output.error?.message).toMatch(/RangeError: the prompt fell apart\n +at /);
    const { stderr } = await runCli(argv, surroundings);
    expect(stderr).toContain("Please report it to the makers of @auto-extend/cli");
  });
});

describe("an error", () => {
  it.each([0, 200, 302, 401, 404, 413, 418, 429, 503])(
    "says the next step once, after an answer with HTTP %i (0: none)",
    async (status) => {
      const server = await serve((response) => {
        if (status === 0) {
          response.destroy();
          return;
        }
        if (status === 429) response.setHeader("retry-after", "100");
        response.writeHead(status, { "content-type": "text/html" }).end("<p>Something</p>");
      });
      const { error } = await runJson([...off, server.url]);
      expect(error?.message).not.toMatch(/\b(Check|Wait|Send|Try|Look|list|repeat|pause|may say)\b/);
      expect(error?.whatToDo).toMatch(/\b(Check|Run|Send|Look|wait|run)\b/);
    },
  );
});

it("are 70 if a document of --json would not be as its schema says, in any part", async () => {
  const outcome = { result: { balance: 1, currency: null }, error: { name: "Odd" } };
  vi.spyOn(balance, "run").mockResolvedValueOnce(outcome as never);
  expect(await runJson(["balance"])).toMatchObject({ exitCode: 70, result: null, error: { name: "Bug" } });
});
