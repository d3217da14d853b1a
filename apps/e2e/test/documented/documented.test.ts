import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { run } from "@auto-extend/cli";
import { createClient, isApiError } from "@auto-extend/client";
import { proxyTypes, setAutoExtend, specOf } from "@auto-extend/core";
import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { describeWith } from "../debian-package.js";

// As the reference text has them, without the white space that it sets them with.
const documentedSuccess =
  '{"success":true,"proxyType":"IPv4","rentPeriodDays":30,"quantity":1,"ipAddressIds":["1111111111111111111"],"balance":5,"currency":"USD","error":null}';
const documentedFailure =
  '{"success":false,"proxyType":null,"rentPeriodDays":0,"quantity":0,"ipAddressIds":[],"balance":5,"currency":"USD","error":{"code":4,"message":"Incorrect proxy type"}}';

const { requests: byType } = specOf(setAutoExtend).examples;

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer();
});
afterAll(() => mock.close());

async function curl(body: unknown): Promise<string> {
  const url = `${mock.url}/client/api/v1/any-key/extend/order/auto`;
  const args = ["-s", url, "-H", "content-type: application/json", "-d", JSON.stringify(body)];
  return (await execa("curl", args)).stdout;
}

async function cli(argv: string[], baseUrl = mock.url) {
  let out = "";
  const exitCode = await run([...argv, "--json", "--base-url", baseUrl], {
    stdin: Readable.from([]),
    stdout: {
      write: (text: string) => {
        out += text;
      },
    },
    stderr: { write: () => {} },
    env: { AUTO_EXTEND_API_KEY: "any-key" },
    confirm: async () => false,
  });
  return { exitCode, ...JSON.parse(out) };
}

describeWith("curl", "the documented answers", () => {
  it("come to curl byte for byte", async () => {
    expect(await curl(byType.IPv4.request)).toBe(documentedSuccess);
    expect(await curl({ ...byType.IPv4.request, proxyType: "SOCKS5" })).toBe(documentedFailure);
  });
});

describe("the documented answers", () => {
  it("come to the client and the CLI whole", async () => {
    const client = createClient({ apiKey: "any-key", baseUrl: mock.url });
    expect(JSON.stringify(await client.setAutoExtend(byType.IPv4.request))).toBe(documentedSuccess);
    const { exitCode, result } = await cli(["on", "--yes", "--type", "IPv4", "--days", "30", "11111"]);
    expect({ exitCode, answers: JSON.stringify(result.answers), state: result.readBack.state }).toEqual({
      exitCode: 0,
      answers: `[${documentedSuccess}]`,
      state: "verified",
    });
  });

  it("come to the client and the CLI whole where they are the documented error", async () => {
    // Neither can be brought to send what our mock answers with it, so here is a server that answers nothing else.
    const server = createServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(documentedFailure);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    const client = createClient({ apiKey: "any-key", baseUrl });
    const refused: unknown = await client.setAutoExtend(byType.IPv4.request).catch((error: unknown) => error);
    if (!isApiError(refused)) expect.fail(`No refusal: ${String(refused)}`);
    expect(JSON.stringify(refused.body)).toBe(documentedFailure);
    const { exitCode, error } = await cli(["off", "--type", "IPv4", "--days", "30", "11111"], baseUrl);
    expect({ exitCode, code: error.code, body: JSON.stringify(error.body) }).toEqual({
      exitCode: 1,
      code: 4,
      body: documentedFailure,
    });
  });
});

describeWith("curl", "an order of", () => {
  describe.each(proxyTypes)("%s", (type) => {
    const { request, success } = byType[type];
    const autoExtendOf = (orderId: string) =>
      mock
        .state({ apiKey: "any-key" })
        .accounts[0]?.orders.find((order) => order.orderId === orderId)
        ?.ipAddresses.map(({ autoExtend }) => autoExtend);

    it("is switched on and off by curl, by the client and by the CLI, in the same shape", async () => {
      const [orderId = ""] = request.orderIds;
      const client = createClient({ apiKey: "any-key", baseUrl: mock.url });
      for (const autoExtend of [true, false]) {
        const asked = { ...request, autoExtend };
        const argv = ["--yes", "--type", type.toLowerCase(), "--days", "30", orderId];
        const byCli = await cli([autoExtend ? "on" : "off", ...argv]);
        expect([
          JSON.parse(await curl(asked)),
          await client.setAutoExtend(asked),
          byCli.result.answers,
        ]).toEqual([success, success, [success]]);
        expect(autoExtendOf(orderId)).toEqual([autoExtend]);
      }
    });
  });
});
