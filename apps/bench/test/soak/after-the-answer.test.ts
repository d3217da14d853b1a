import { once } from "node:events";
import { connect } from "node:net";
import { startMockServer } from "@auto-extend/mock-server";
import { describe, expect, it, onTestFinished } from "vitest";

const body = '{"proxyType":"IPv4","orderIds":["11111"],"rentPeriodDays":30,"autoExtend":true}';

/** Sends a request that meets a fault; resolves to how the connection ends within a second. */
async function endOf(fault: string): Promise<string | undefined> {
  const mock = await startMockServer();
  const socket = connect(mock.port, "127.0.0.1");
  onTestFinished(() => {
    socket.destroy();
    return mock.close();
  });
  const ended = new Promise<string | undefined>((resolve) => {
    socket.once("end", () => resolve("closed"));
    socket.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code));
    setTimeout(() => resolve("never"), 1_000);
  });
  socket.write(
    `POST /client/api/v1/any-key/extend/order/auto HTTP/1.1\r\nhost: 127.0.0.1\r\nprefer: fault=${fault}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  const [answer] = await once(socket, "data");
  expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
  return ended;
}

describe("after a complete answer the connection", () => {
  it("is closed by a fault that says so", async () => {
    expect(await endOf("closed; at=after")).toBe("closed");
  });

  it("is reset by a fault that says so", async () => {
    expect(await endOf("reset; at=after")).toBe("ECONNRESET");
  });
});
