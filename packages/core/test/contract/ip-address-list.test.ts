import { listIpAddresses, readIpAddressList } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { fc } from "../support/fuzz.js";

const record = {
  ipAddressId: "1111111111111111111",
  ipAddressIp: "192.0.2.11",
  country: "DE",
  dateStart: "2030-01-01T00:00:00.000Z",
  dateEnd: "2030-01-31T00:00:00.000Z",
  authInfo: { login: "who", password: "secret" },
  extendInfo: { autoExtend: true, extendDays: 30 },
};

const read = {
  ipAddressId: "1111111111111111111",
  ip: "192.0.2.11",
  country: "DE",
  startsAt: "2030-01-01T00:00:00.000Z",
  endsAt: "2030-01-31T00:00:00.000Z",
  autoExtend: true,
  rentPeriodDays: 30,
};

const order = { orderId: "11111", proxyType: "IPv4", ipAddresses: [read] };

describe("readIpAddressList", () => {
  it.each<[string, unknown]>([
    [
      "groups with a proxy type",
      {
        success: true,
        ipAddresses: [{ proxyType: "IPv4", orders: [{ orderId: "11111", ipAddresses: [record] }] }],
      },
    ],
    [
      "groups named by the proxy type",
      { success: true, data: { ipv4: [{ orderId: "11111", ips: [record] }] } },
    ],
    [
      "records that say everything themselves",
      { list: [{ ...record, orderId: "11111", proxyType: "IPv4" }] },
    ],
    ["a list alone", [{ ...record, orderId: "11111", proxyType: "IPv4" }]],
    ["an order id as a number", { IPv4: [{ orderId: 11_111, list: [record] }] }],
    [
      "dates and states written in other ways",
      {
        IPv4: [
          {
            orderId: "11111",
            list: [
              {
                ...record,
                dateStart: "01.01.2030",
                dateEnd: 1_896_048_000,
                extendInfo: { autoExtend: "true", extendDays: "30" },
              },
            ],
          },
        ],
      },
    ],
  ])("finds the orders in %s", (_, answer) => {
    expect(readIpAddressList(answer)).toEqual({ orders: [order], issues: [] });
  });

  it("finds what the contract emits", () => {
    const { orders } = readIpAddressList(listIpAddresses.examples.requests.all.success);
    expect(orders).toEqual([{ ...order, ipAddresses: [{ ...read, autoExtend: false }] }]);
  });

  it("joins the records of an order, wherever they stand", () => {
    const answer = [
      { ...record, orderId: "1" },
      { ...record, orderId: "2" },
      { ...record, ipAddressId: "9", orderId: "1" },
    ];
    const { orders } = readIpAddressList(answer);
    expect(
      orders.map(({ orderId, ipAddresses }) => [orderId, ipAddresses.map((each) => each.ipAddressId)]),
    ).toEqual([
      ["1", [record.ipAddressId, "9"]],
      ["2", [record.ipAddressId]],
    ]);
  });

  it("says null for what it can't read, and nothing of credentials", () => {
    const { orders } = readIpAddressList([
      {
        ipAddressId: "9",
        orderId: "1",
        dateEnd: "soon",
        country: 7,
        authInfo: record.authInfo,
        extendInfo: { autoExtend: "maybe", extendDays: -1 },
      },
    ]);
    expect(orders).toEqual([
      {
        orderId: "1",
        proxyType: null,
        ipAddresses: [
          {
            ipAddressId: "9",
            ip: null,
            country: null,
            startsAt: null,
            endsAt: null,
            autoExtend: null,
            rentPeriodDays: null,
          },
        ],
      },
    ]);
  });

  it("tells of records that belong nowhere, and of ids that JSON has rounded", () => {
    const { orders, issues } = readIpAddressList({
      list: [record, { ...record, orderId: "1", ipAddressId: 1.1e18 }],
    });
    expect(orders).toEqual([]);
    expect(issues.map(({ path }) => path)).toEqual(["list[0]", "list[1].ipAddressId"]);
  });

  it("never throws, whatever the answer is", () => {
    fc.assert(fc.property(fc.jsonValue(), (answer) => void readIpAddressList(answer)));
    let deep: unknown = record;
    for (let level = 0; level < 100_000; level++) deep = { deep };
    expect(readIpAddressList(deep)).toEqual({ orders: [], issues: [] });
  });
});

describe("the check of listIpAddresses", () => {
  const { check } = listIpAddresses;

  it("lets a list pass, an empty one as well, and a failure", () => {
    expect(check({}, { success: true, ipAddresses: [] } as never)).toEqual([]);
    expect(check({}, { success: true, list: [{ ...record, orderId: "1" }] } as never)).toEqual([]);
    expect(check({}, { success: false })).toEqual([]);
  });

  it("lets a list pass of which a part can be read: what is left of it is of use", () => {
    expect(check({}, { success: true, list: [{ ...record, orderId: "1" }, record] } as never)).toEqual([]);
  });

  it("finds fault with an answer without any list, or with records that can't be read", () => {
    expect(check({}, { success: true })).toMatchObject([{ path: "" }]);
    expect(check({}, { success: true, list: [record] } as never)).toMatchObject([{ path: "list[0]" }]);
  });
});
