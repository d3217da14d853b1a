import { createServer as createTcpServer } from "node:net";
import { createServer, type Server } from "node:tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { certificateCheck } from "../src/commands/doctor/certificate.js";
import { runCli, runJson } from "./support/cli.js";

/** Of "localhost" and 127.0.0.1, signed by itself, good until 2126. The key is a secret of nobody's. */
const cert = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUdb+HgcG0kUxYwnw7DTO+21AwNzcwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDA5NDUzMVoYDzIxMjYxMDMx
MDk0NTMxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATyfQX0Mi0cpwp3Z7QWQDqhA54H0ZKpHAC/Xysb/Qk+Oi0NGOlq3kYR
yRcJRDYrx7Ig5+PF4j6siKutWpuKGD4Vo28wbTAdBgNVHQ4EFgQU4zRVBDjVbMhP
694Xiigb9skmag8wHwYDVR0jBBgwFoAU4zRVBDjVbMhP694Xiigb9skmag8wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgLqummqcK8G1dc5SLgKvHNnCnc2bF+f+suX3+zz/UgbMCIEQ0
tftaJzQzQtuaLC5soOCWWWrrtG6xdVrSeYD2qX5p
-----END CERTIFICATE-----`;
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg8ifeFVF7qUl26Ynj
DpOtUX6T/ssfVX6KE+ZqLMI3KHihRANCAATyfQX0Mi0cpwp3Z7QWQDqhA54H0ZKp
HAC/Xysb/Qk+Oi0NGOlq3kYRyRcJRDYrx7Ig5+PF4j6siKutWpuKGD4V
-----END PRIVATE KEY-----`;

async function serveTls(): Promise<number> {
  const server = createServer({ cert, key }, (socket) => socket.end());
  // One that does not trust the certificate breaks off.
  server.on("tlsClientError", () => {});
  return listen(server);
}

async function listen(server: Pick<Server, "listen" | "address" | "close">): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

describe("certificateCheck", () => {
  const now = Date.parse("2026-12-01T00:00:00Z");

  it("says when a trusted certificate ends", async () => {
    const server = { hostname: "127.0.0.1", port: await serveTls() };
    const check = await certificateCheck(server, { timeout: 5_000, now, ca: cert });
    expect(check).toMatchObject({ state: "ok", whatToDo: null });
    expect(check.found).toMatch(
      /^TLSv1\.3; the certificate is trusted, and ends on 2126-\d\d-\d\d, in \d+ days\.$/,
    );
  });

  it("warns of one that ends soon", async () => {
    const server = { hostname: "localhost", port: await serveTls() };
    const soon = Date.parse("2126-10-25T00:00:00Z");
    const check = await certificateCheck(server, { timeout: 5_000, now: soon, ca: cert });
    expect(check).toMatchObject({ state: "warning", whatToDo: expect.stringContaining("renew") });
  });

  it("says that one is not trusted, and what to do behind a gateway", async () => {
    const server = { hostname: "127.0.0.1", port: await serveTls() };
    const check = await certificateCheck(server, { timeout: 5_000, now });
    expect(check).toMatchObject({
      state: "failed",
      whatToDo: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
    });
    expect(check.found).toContain("self-signed");
    const url = `https://127.0.0.1:${server.port}`;
    const { exitCode, error } = await runJson(["balance", "--base-url", url]);
    expect({ exitCode, whatToDo: error?.whatToDo }).toEqual({ exitCode: 5, whatToDo: check.whatToDo });
    const examined = await runCli(["doctor", "--base-url", url]);
    expect(examined.stdout).toContain(`127.0.0.1:${server.port} answers, but not as the API does`);
  });

  it("waits no longer than it may for a server that says nothing", async () => {
    const silent = createTcpServer((socket) => socket.on("error", () => {}));
    const server = { hostname: "127.0.0.1", port: await listen(silent as never) };
    const check = await certificateCheck(server, { timeout: 50, now });
    expect(check.found).toContain("no answer within 50 ms");
  });
});
