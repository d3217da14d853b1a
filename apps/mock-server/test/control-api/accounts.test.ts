import request from "supertest";
import { describe, expect, it } from "vitest";
import { generateWorld } from "../../src/index.js";
import { accountIdOf } from "../support/call.js";
import { send, testApp, twoAccounts } from "./mock.js";

describe("the summaries of accounts", () => {
  it("have no orders, and mark the template", async () => {
    const mock = testApp();
    await send(mock, { apiKey: "my-key" });
    const { body } = await request(mock).get("/__mock/accounts").expect(200);
    const common = { balance: 5, currency: "USD", orders: 6, ipAddresses: 8 };
    expect(body).toEqual({
      accounts: [
        { id: "default", isTemplate: true, ...common, autoExtendOn: 0, nextEnd: "2030-01-31T00:00:00.000Z" },
        {
          id: accountIdOf("my-key"),
          isTemplate: false,
          ...common,
          autoExtendOn: 1,
          nextEnd: "2030-01-31T00:00:00.000Z",
        },
      ],
      next: null,
    });
  });

  it("come page by page", async () => {
    const mock = testApp({ world: twoAccounts });
    const page = async (query: string) => {
      const { body } = await request(mock).get(`/__mock/accounts${query}`).expect(200);
      return [...body.accounts.map(({ id }: { id: string }) => id), body.next];
    };
    expect(await page("?limit=1")).toEqual(["first", "first"]);
    expect(await page("?limit=1&after=first")).toEqual(["other", null]);
    expect(await page("?limit=2")).toEqual(["first", "other", null]);
    expect(await page("?after=nobody")).toEqual(["first", "other", null]);
  });
});

describe("the orders of an account", () => {
  it("come page by page, as they are in the state", async () => {
    const mock = testApp({ world: generateWorld({ orders: 250 }) });
    const ask = async (query: string) =>
      (await request(mock).get(`/__mock/orders?account=default${query}`).expect(200)).body;
    const orders = [];
    let next: string | null = null;
    do {
      const page: { orders: object[]; total: number; next: string | null } = await ask(
        next === null ? "" : `&after=${next}`,
      );
      expect(page.total).toBe(250);
      orders.push(...page.orders);
      next = page.next;
    } while (next !== null);
    expect(orders).toEqual(mock.state().accounts[0]?.orders);
  });

  it("are those that match", async () => {
    const mock = testApp();
    await send(mock, { apiKey: "my-key" });
    const ids = async (query: string) => {
      const ask = request(mock).get(`/__mock/orders${query}`).set("mock-api-key", "my-key");
      const { body } = await ask.expect(200);
      return body.orders.map(({ orderId }: { orderId: string }) => orderId);
    };
    expect(await ids("?proxyType=IPv6")).toEqual(["33333", "66666"]);
    expect(await ids("?autoExtend=true")).toEqual(["11111"]);
    expect(await ids("?autoExtend=false&proxyType=IPv4")).toEqual(["22222"]);
    expect(await ids("?orderId=44")).toEqual(["44444"]);
  });

  it("are those of the first account by default", async () => {
    const mock = testApp({ world: twoAccounts });
    const { body } = await request(mock).get("/__mock/orders").expect(200);
    expect(body).toMatchObject({
      orders: [{ ipAddresses: [{ ipAddressId: "first-1" }] }],
      total: 1,
      next: null,
    });
  });
});
