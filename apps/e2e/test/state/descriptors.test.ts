import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import { afterAll, expect, it, onTestFinished } from "vitest";
import { killPrograms, startProgram } from "./program.js";

afterAll(killPrograms);

// The import of a missing module was remembered for good, and one that failed later ended the mock.
it("answers 503 while it has no descriptors to load a part of itself, and serves that part afterwards", async () => {
  const mock = await startProgram([], { descriptorLimit: 110 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const status = async (path: string, body?: string) => {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const sent = request(mock.url + path, { agent, headers, method: body === undefined ? "GET" : "POST" });
    const [answer] = await once(sent.end(body), "response");
    await once(answer.resume(), "end");
    return answer.statusCode;
  };
  const balance = "/client/api/v1/any-key/balance";
  const addFault = () => status("/__mock/faults", '{"preset":"slow"}');
  expect(await status(balance)).toBe(200);

  const idle = await occupy(mock.url, 130);
  expect([await status("/__mock/health"), await addFault(), await status(balance)]).toEqual([503, 503, 200]);

  for (const socket of idle) socket.destroy();
  await expect.poll(() => status("/__mock/health")).toBe(200);
  expect([await addFault(), await status("/docs")]).toEqual([201, 200]);

  // Express is loaded now, and the page still comes from a file.
  await occupy(mock.url, 130);
  expect([await status("/docs"), await status("/__mock/health")]).toEqual([503, 200]);
});

/** Opens connections that send nothing, more than the mock can take: from the limit on, it ends them. */
async function occupy(url: string, count: number): Promise<Socket[]> {
  const port = Number(new URL(url).port);
  const sockets = Array.from({ length: count }, () => connect(port, "127.0.0.1").on("error", () => {}));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  await Promise.race(sockets.map((socket) => once(socket.resume(), "close")));
  return sockets;
}
