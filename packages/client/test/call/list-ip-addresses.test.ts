import { isContractError } from "@auto-extend/client";
import { listIpAddresses, proxyTypes, specOf } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { clientOf, errorOf, nowhere } from "../support/fixtures.js";
import { scriptedServer } from "../support/scripted-server.js";

const mebibyte = 1024 * 1024;

const record = {
  ipAddressId: "1111111111111111111",
  ipAddressIp: "192.0.2.11",
  country: "DE",
  dateStart: "2030-01-01T00:00:00.000Z",
  dateEnd: "2030-01-31T00:00:00.000Z",
  extendInfo: { autoExtend: true, extendDays: 30 },
};

const order = {
  orderId: "11111",
  proxyType: "IPv4",
  ipAddresses: [
    {
      ipAddressId: "1111111111111111111",
      ip: "192.0.2.11",
      country: "DE",
      startsAt: "2030-01-01T00:00:00.000Z",
      endsAt: "2030-01-31T00:00:00.000Z",
      autoExtend: true,
      rentPeriodDays: 30,
    },
  ],
};

async function listOf(body: unknown) {
  return clientOf(await scriptedServer({ body })).listIpAddresses();
}

describe("the request", () => {
  it.each(proxyTypes)("asks only for %s if the call names that type", async (proxyType) => {
    const server = await scriptedServer({
      body: specOf(listIpAddresses).examples.requests[proxyType].success,
    });
    await clientOf(server, { apiKey: "some-key" }).listIpAddresses({ proxyType });
    expect(server.requests[0]?.url).toBe(`/client/api/v1/some-key/ipAddress?proxyType=${proxyType}`);
  });

  it.each([[undefined], [{}], [{ proxyType: undefined }]])(
    "asks for all of them with %j",
    async (request) => {
      const server = await scriptedServer({ body: specOf(listIpAddresses).examples.requests.all.success });
      await clientOf(server, { apiKey: "some-key" }).listIpAddresses(request);
      expect(server.requests[0]?.url).toBe("/client/api/v1/some-key/ipAddress");
    },
  );

  it("is refused with a proxy type that does not exist, and not sent", async () => {
    const server = await scriptedServer();
    // @ts-expect-error the types refuse it as well
    const error = await errorOf(clientOf(server).listIpAddresses({ proxyType: "IPv5&a=b" }));
    expect(error.message).toContain("proxyType: must be one of IPv4, IPv6, MOBILE, ISP");
    expect(server.requests).toEqual([]);
  });
});

describe("the orders", () => {
  it.each<[string, object]>([
    ["as the contract has them", { ipAddresses: [{ proxyType: "IPv4", orders: [withRecords([record])] }] }],
    ["by the name of the proxy type", { data: { ipv4: [withRecords([record])] } }],
    ["by order ID alone", { list: [{ ...withRecords([{ ...record, proxyType: "IPv4" }]) }] }],
    ["as flat records", { list: [{ ...record, orderId: "11111", proxyType: "IPv4" }] }],
    ["with numbers for IDs", { IPv4: [{ orderId: 11_111, list: [record] }] }],
  ])("are found %s", async (_, answer) => {
    const body = { success: true, ...answer };
    await expect(listOf(body)).resolves.toEqual({
      ...{ orders: [order], isComplete: true, announced: [], unread: [], unreadCount: 0 },
      answer: body,
    });
  });

  it.each([[{ ipAddresses: [] }], [{ ipAddresses: {} }], [{ IPv4: [], IPv6: [] }]])(
    "may be none: %j",
    async (answer) => {
      const body = { success: true, ...answer };
      await expect(listOf(body)).resolves.toEqual({
        ...{ orders: [], isComplete: true, announced: [], unread: [], unreadCount: 0 },
        answer: body,
      });
    },
  );

  it.each<[string, object, string]>([
    ["pages", { pages: 3 }, "pages"],
    ["a total", { total: 50 }, "total"],
    ["as many as one page has", { limit: 1 }, "limit"],
    ["a next page", { next: "/ipAddress?page=2" }, "next"],
    ["a total in a field beside them", { meta: { total: 50 } }, "meta.total"],
  ])("are not the whole list if the answer announces %s", async (_, paging, path) => {
    const { orders, isComplete, announced } = await listOf({
      ...{ success: true, ...paging },
      IPv4: [withRecords([record])],
    });
    expect(orders).toEqual([order]);
    expect(isComplete).toBe(false);
    expect(announced).toEqual([{ path, message: expect.stringContaining("announces") }]);
  });

  it("are not the whole list under HTTP 206", async () => {
    const body = { success: true, IPv4: [withRecords([record])] };
    const server = await scriptedServer({ status: 206, body });
    await expect(clientOf(server).listIpAddresses()).resolves.toMatchObject({
      orders: [order],
      isComplete: false,
      announced: [{ path: "status", message: "is 206: only a part" }],
    });
  });

  it("are the whole list if the answer announces as many as it holds", async () => {
    const body = { success: true, total: 1, pages: 1, next: null, IPv4: [withRecords([record])] };
    await expect(listOf(body)).resolves.toMatchObject({ isComplete: true, announced: [] });
  });

  it("are not the whole list if a record could not be read", async () => {
    const lost = { ...record, ipAddressId: 1.1e18 };
    const { isComplete } = await listOf({ success: true, IPv4: [withRecords([record, lost])] });
    expect(isComplete).toBe(false);
  });

  it("come beside what could not be read", async () => {
    const lost = { ...record, ipAddressId: 1.1e18 };
    const { orders, unread } = await listOf({ success: true, IPv4: [withRecords([record, lost]), record] });
    expect(orders).toEqual([order]);
    expect(unread).toEqual([
      {
        path: "IPv4[0].ipAddresses[1].ipAddressId",
        message: expect.stringContaining("is not a readable ID"),
      },
      { path: "IPv4[1]", message: expect.stringContaining("without an orderId") },
    ]);
  });

  it("come with paths that are short and fit for a terminal, whatever the fields are called", async () => {
    const name = `\u001b[31mred\u202e${"x".repeat(5_000)}`;
    const body = { success: true, list: [withRecords([record])], [name]: { total: 9, lost: [record] } };
    const { announced, unread } = await listOf(body);
    const cleaned = `red${"x".repeat(1_997)}`;
    expect(unread.map(({ path }) => path)).toEqual([cleaned]);
    expect(announced.map(({ path }) => path)).toEqual([cleaned]);
  });

  it.each([
    ["no record of which can be read", { list: [record] }, "list[0]: is a record without an orderId"],
    ["without a list", { more: 1 }, "has no list of IP addresses"],
  ])("are missed in an answer %s: that is a ContractError", async (_, answer, message) => {
    const body = { success: true, ...answer };
    const error = await errorOf(listOf(body));
    if (!isContractError(error)) expect.fail(error.name);
    expect(error).toMatchObject({ effect: "none", sent: {}, body });
    expect(error.message).toContain(message);
  });
});

describe("a large answer", () => {
  it("is read beyond what other calls read", async () => {
    const body = JSON.stringify({ success: true, IPv4: [withRecords([record])] }).padEnd(17 * mebibyte);
    await expect(listOf(body)).resolves.toMatchObject({ orders: [order] });
    const error = await errorOf(clientOf(await scriptedServer({ body })).getBalance());
    expect(error.message).toContain("The body is larger than 16 MiB");
  });

  it("is a ContractError beyond 256 MiB, and the rest is not read", async () => {
    const blank = new Uint8Array(4 * mebibyte).fill(0x20);
    let read = 0;
    let cancelled = false;
    const endless = async () =>
      new Response(
        new ReadableStream(
          {
            pull(controller) {
              read += blank.length;
              controller.enqueue(blank);
            },
            cancel() {
              cancelled = true;
            },
          },
          { highWaterMark: 0 },
        ),
      );
    const error = await errorOf(clientOf(nowhere, { fetch: endless }).listIpAddresses());
    expect(error).toMatchObject({ name: "ContractError", effect: "none" });
    expect(error.message).toContain("The body is larger than 256 MiB");
    expect([read, cancelled]).toEqual([260 * mebibyte, true]);
  });
});

function withRecords(ipAddresses: readonly object[]) {
  return { orderId: "11111", ipAddresses };
}
