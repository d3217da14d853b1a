import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { offIPv4, runCli, runJson } from "./support/cli.js";
import { deadUrl, listen, serveSuccess } from "./support/server.js";

const off = [...offIPv4, "111", "--allow-http", "--base-url"];

/** A proxy that tunnels every host to one server, and records what it was asked for. */
async function startProxy(
  target: string,
): Promise<{ url: string; asked: string[]; authorizations: unknown[] }> {
  const asked: string[] = [];
  const authorizations: unknown[] = [];
  const proxy: Server = createServer().on("connect", (request, socket, head) => {
    asked.push(request.url ?? "");
    authorizations.push(request.headers["proxy-authorization"]);
    const { hostname, port } = new URL(target);
    const upstream = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    socket.on("close", () => upstream.destroy());
    // The server no longer counts a tunnel among its connections.
    onTestFinished(() => void socket.destroy());
  });
  return { url: await listen(proxy), asked, authorizations };
}

describe("a proxy in the environment", () => {
  it.each(["HTTP_PROXY", "http_proxy"])("is used as %s, and its password is not printed", async (name) => {
    const server = await serveSuccess();
    const proxy = await startProxy(server.url);
    const url = proxy.url.replace("://", "://someone:tunnel-password@");
    const { exitCode, stdout, stderr } = await runCli([...off, "http://api.example", "--verbose"], {
      env: { [name]: url },
    });
    expect({ exitCode, asked: proxy.asked }).toEqual({ exitCode: 0, asked: ["api.example:80"] });
    expect(proxy.authorizations).toEqual([`Basic ${btoa("someone:tunnel-password")}`]);
    expect(server.seen).toHaveLength(1);
    expect(stdout + stderr).not.toContain("tunnel-password");
  });

  it("can be named by its IP address with https, without a warning of Node", async () => {
    const url = (await listen(createServer())).replace("http://", "https://");
    const warnings: unknown[] = [];
    const record = (warning: Error & { code?: string }) => warnings.push(warning.code);
    process.on("warning", record);
    onTestFinished(() => void process.off("warning", record));
    const env = { HTTPS_PROXY: url };
    const output = await runJson([...off, "https://api.example", "--timeout", "2"], { env });
    expect(output.error?.message).toContain("the proxy of HTTPS_PROXY failed");
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).not.toContain("DEP0123");
  });

  it.each([
    ["http://127.0.0.1:9", "nothing listens at its address"],
    ["http://no-such-host.invalid:3128", "its host name is unknown"],
  ])("that is not there, such as %s, is named as the proxy", async (url, reason) => {
    const { error } = await runJson([...off, "https://api.example", "--timeout", "2"], {
      env: { HTTPS_PROXY: url },
    });
    expect(error?.message).toContain(`the proxy of HTTPS_PROXY failed: ${reason}`);
  });

  it("is not used for the hosts of NO_PROXY, nor for this machine", async () => {
    const server = await serveSuccess();
    const proxy = await startProxy(server.url);
    const env = { ALL_PROXY: proxy.url, NO_PROXY: "other.example,.invalid" };
    expect(await runJson([...off, server.url], { env })).toMatchObject({ ok: true });
    expect(await runJson([...off, "http://api.invalid"], { env })).toMatchObject({ exitCode: 5 });
    expect(proxy.asked).toEqual([]);
  });

  it("that cannot be reached leaves nothing sent", async () => {
    const env = { HTTP_PROXY: (await deadUrl()).replace("://", "://someone:tunnel-password@") };
    const output = await runJson([...off, "http://api.example"], { env });
    expect(output).toMatchObject({ exitCode: 5, error: { code: "ECONNREFUSED", effect: "none" } });
    expect(JSON.stringify(output)).not.toContain("tunnel-password");
  });

  it("that requires a password and gets none leaves nothing sent", async () => {
    const proxy = createServer().on("connect", (_, socket) => {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
    });
    const env = { HTTP_PROXY: await listen(proxy) };
    const output = await runJson([...off, "http://api.example"], { env });
    expect(output).toMatchObject({ exitCode: 5, error: { name: "NetworkError", effect: "none" } });
    expect(output.error?.message).toContain("407");
    expect(output.error?.whatToDo).toContain("proxy variables");
  });

  it("is refused where it is another kind of proxy", async () => {
    const env = { HTTP_PROXY: "socks5://proxy.example" };
    expect(await runJson([...off, "http://api.example"], { env })).toMatchObject({
      exitCode: 2,
      error: { message: expect.stringMatching(/^HTTP_PROXY is not the URL of an HTTP proxy, /) },
    });
  });

  it.each<[string, string, (socket: Socket) => unknown]>([
    ["closes the connection", "closed before any request", (socket) => socket.destroy()],
    ["resets the connection", "closed before any request", (socket) => socket.resetAndDestroy()],
    ["answers with something else than HTTP", "not an HTTP proxy", (socket) => socket.end("SSH-2.0-x\r\n")],
    [
      "opens the tunnel and closes it",
      "closed before any request",
      (socket) => socket.end("HTTP/1.1 200 OK\r\n\r\n"),
    ],
    [
      "opens a tunnel to what speaks no TLS",
      "does not speak TLS",
      (socket) =>
        socket.write("HTTP/1.1 200 OK\r\n\r\n", () =>
          socket.once("data", () => socket.write("no TLS here\n")),
        ),
    ],
  ])("fails once an attempt, with nothing sent, if it %s", async (_, reason, reply) => {
    let connections = 0;
    const closing = createTcpServer((socket) => {
      socket
        .on("error", () => {})
        .once("data", () => {
          connections += 1;
          reply(socket);
        });
    });
    await new Promise<void>((resolve) => closing.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void closing.close());
    const { port } = closing.address() as AddressInfo;
    const env = { HTTPS_PROXY: `http://someone:tunnel-password@127.0.0.1:${port}` };
    const { exitCode, error, stderr } = await runJson([...off, "https://api.example", "--timeout", "5"], {
      env,
    });
    expect(exitCode).toBe(5);
    expect(error).toMatchObject({ name: "NetworkError", effect: "none", attempts: 3 });
    expect(error?.message).toContain(reason);
    expect(connections).toBe(3);
    expect(stderr).not.toContain("tunnel-password");
  });
});
