import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createApp } from "../../src/index.js";
import { upstreamOf } from "../../src/proxy/upstream.js";
import { answering, send, startBehind, startBytes, startProxy, success } from "./behind.js";

const variables = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"];

beforeEach(() => {
  for (const name of variables) {
    vi.stubEnv(name, "");
    vi.stubEnv(name.toLowerCase(), "");
  }
});
afterEach(() => vi.unstubAllEnvs());

interface Connect {
  readonly target: string;
  readonly authorization: string | undefined;
}

/** An HTTP proxy on this machine that hears of each CONNECT; by default it tunnels to a server, whatever the host. */
async function startHttpProxy(target: string, connected?: (socket: Duplex) => void) {
  const asked: Connect[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer().on("connect", (request, socket, head) => {
    asked.push({ target: request.url ?? "", authorization: request.headers["proxy-authorization"] });
    sockets.add(socket.on("error", () => {}));
    if (connected) return connected(socket);
    const { hostname, port } = new URL(target);
    const tunnel: Socket = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      tunnel.write(head);
      tunnel.pipe(socket).pipe(tunnel);
    });
    sockets.add(tunnel.on("error", () => {}).on("close", () => socket.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, sockets };
}

const upstream = "http://api.example";
const options = { upstreamAllowHttp: true };

describe("a mock whose environment names an HTTP proxy", () => {
  it.each(["HTTP_PROXY", "http_proxy"])("uses it: %s", async (name) => {
    const behind = await startBehind(answering(success));
    const proxy = await startHttpProxy(behind.url);
    vi.stubEnv(name, proxy.url.replace("//", "//someone:canary-password@"));
    const mock = await startProxy(upstream, options);
    expect((await send(mock.url)).json).toEqual(success);
    expect(proxy.asked).toEqual([
      { target: "api.example:80", authorization: `Basic ${btoa("someone:canary-password")}` },
    ]);
    expect(behind.got[0]?.headers).toMatchObject({ host: "api.example" });
    expect(behind.got[0]?.headers).not.toHaveProperty("Proxy-Authorization");
  });

  it("goes directly to this machine, and to the hosts of NO_PROXY", async () => {
    const behind = await startBehind(answering(success));
    const proxy = await startHttpProxy(behind.url);
    vi.stubEnv("ALL_PROXY", proxy.url);
    vi.stubEnv("NO_PROXY", "other.example,api.invalid");
    const mock = await startProxy(behind.url);
    expect((await send(mock.url)).status).toBe(200);
    const other = await startProxy("http://api.invalid", options);
    expect(await send(other.url)).toMatchObject({ status: 502 });
    expect(proxy.asked).toEqual([]);
  });

  it.each([
    ["closes", (socket: Duplex) => socket.end(), "ECONNRESET|reason is unknown"],
    ["resets", (socket: Duplex) => (socket as Socket).resetAndDestroy(), "ECONNRESET"],
    [
      "asks for a password",
      (socket: Duplex) =>
        socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n"),
      "the HTTP proxy answered 407",
    ],
  ])(
    "tries it once for each request, and says that nothing was carried out, where it %s",
    async (_, act, says) => {
      const behind = await startBehind(answering(success));
      const proxy = await startHttpProxy(behind.url, act);
      vi.stubEnv("HTTP_PROXY", proxy.url.replace("//", "//someone:canary-password@"));
      const mock = await startProxy(upstream, options);
      const came = await send(mock.url);
      expect(came.status).toBe(502);
      expect(came.text).toContain("nothing was carried out");
      expect(came.text).toMatch(new RegExp(says));
      expect(came.text).not.toContain("canary");
      expect(proxy.asked).toHaveLength(1);
      await send(mock.url);
      expect(proxy.asked).toHaveLength(2);
      expect(behind.got).toEqual([]);
    },
  );

  it("says that the request may have been carried out if the tunnel breaks later", async () => {
    const target = await startBytes((socket) => {
      socket.once("data", () => socket.resetAndDestroy());
    });
    const proxy = await startHttpProxy(target);
    vi.stubEnv("HTTP_PROXY", proxy.url);
    const mock = await startProxy(upstream, options);
    expect((await send(mock.url)).text).toContain("The request may have been carried out");
  });

  it("says so if no server listens there", async () => {
    vi.stubEnv("HTTP_PROXY", "http://someone:canary-password@127.0.0.1:1");
    const mock = await startProxy(upstream, options);
    const { text } = await send(mock.url);
    expect(text).toMatch(
      /nothing was carried out.*at the HTTP proxy, nothing listens there \(ECONNREFUSED\)/,
    );
    expect(text).not.toContain("canary");
  });

  it("does not start where that is no URL of an HTTP proxy, and does not quote it", () => {
    vi.stubEnv("HTTPS_PROXY", "http://canary%zz@127.0.0.1:1");
    const start = () => createApp({ upstream: "https://api.example" });
    expect(start).toThrow(/HTTPS_PROXY is not the URL of an HTTP proxy/);
    expect(start).not.toThrow(/canary/);
  });

  it("needs none", () => {
    expect(upstreamOf({ upstream: "https://api.example" })?.proxy).toBe("");
  });
});
