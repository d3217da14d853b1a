import { describe, expect, it } from "vitest";
import { runServerCases } from "../src/index.js";
import { startReferenceServer } from "./reference-server.js";
import { apiKey } from "./server-runs.js";

type Json = Record<string, unknown>;
type Change = (answer: Json) => Json;

/** What a server says wrong, below which path, and the case and statement that are about it. */
interface Wrong {
  readonly path: string;
  readonly change: () => Change;
  readonly only: string;
  readonly contradicts: readonly string[];
}

const wrongs: Readonly<Record<string, Wrong>> = {
  "takes money for telling a price": {
    path: "balance",
    change: counting((count, answer) => ({ ...answer, balance: Number(answer.balance) - count })),
    only: "priceExtension/spends-nothing",
    contradicts: ["priceExtension/spends-nothing"],
  },
  "does not warn": {
    path: "calculate/extend/order",
    change: () => (answer) => ({ ...answer, warnings: null }),
    only: "priceExtension/success/MOBILE",
    contradicts: ["priceExtension/warnings"],
  },
  "warns of nothing": {
    path: "calculate/extend/order",
    change: () => (answer) => ({ ...answer, warnings: [{ code: 16, message: "?" }] }),
    only: "priceExtension/success/IPv4",
    contradicts: ["priceExtension/warnings"],
  },
  "has one price for everything": {
    path: "calculate/extend/order",
    change: () => (answer) => ({ ...answer, price: 0.5 }),
    only: "priceExtension/several-orders",
    contradicts: ["priceExtension/several-orders"],
  },
  "says nothing of a promo code": {
    path: "calculate/extend/order",
    change: () => (answer) => ({ ...answer, promoCodeStatus: null }),
    only: "priceExtension/promo-code",
    contradicts: ["priceExtension/promo-code"],
  },
  "lists everything as off": {
    path: "ipAddress",
    change: () => (answer) =>
      JSON.parse(JSON.stringify(answer).replaceAll('"autoExtend":true', '"autoExtend":false')),
    only: "listIpAddresses/extend-info",
    contradicts: ["listIpAddresses/extend-info"],
  },
  "does not list what was switched": {
    path: "ipAddress",
    change: () => (answer) => ({ ...answer, IPv4: [] }),
    only: "listIpAddresses/extend-info",
    contradicts: ["listIpAddresses/extend-info"],
  },
  "lists orders of other types": {
    path: "ipAddress",
    change: () => (answer) => ({
      ...answer,
      IPv4: [{ orderId: "11111", ips: [{ ipAddressId: "ip-of-11111" }] }],
      list: [{ orderId: "33333", ips: [{ ipAddressId: "ip-of-33333" }] }],
    }),
    only: "listIpAddresses/by-type/IPv4",
    contradicts: ["listIpAddresses/by-type"],
  },
  "lists other IP addresses than it has switched": {
    path: "ipAddress",
    change: () => (answer) => JSON.parse(JSON.stringify(answer).replaceAll("ip-of-11111", "another")),
    only: "listIpAddresses/",
    contradicts: ["listIpAddresses/success", "listIpAddresses/by-type"],
  },
  "lists IP addresses in a failure": {
    path: "ipAddress",
    change: () => (answer) => ({ ...answer, list: [{ ipAddressId: "1", orderId: "11111" }] }),
    only: "listIpAddresses/rule/proxy-type/unknown",
    contradicts: ["listIpAddresses/failure"],
  },
  "does not list a rental period that it takes": {
    path: "rentPeriod",
    change: () => (answer) => ({ ...answer, rentPeriodDays: [90] }),
    only: "getRentPeriods/success/IPv6",
    contradicts: ["getRentPeriods/success"],
  },
  "calls the currency of a balance as other answers do": {
    path: "balance",
    change: () => (answer) => ({ ...answer, currencyCode: undefined, currency: "USD" }),
    only: "getBalance/success",
    contradicts: ["getBalance/success"],
  },
  "switches nothing, and says so": {
    path: "extend/auto",
    change: () => (answer) => ({ ...answer, quantity: 0, ipAddressIds: [] }),
    only: "setAutoExtendByIpAddress/success/ISP",
    contradicts: ["setAutoExtendByIpAddress/quantity"],
  },
  "lists another IP address where one is listed twice": {
    path: "extend/auto",
    change: counting((count, answer) => (count < 1 ? answer : { ...answer, ipAddressIds: ["other"] })),
    only: "setAutoExtendByIpAddress/duplicates",
    contradicts: ["setAutoExtendByIpAddress/quantity"],
  },
};

describe("the server cases say what a server contradicts that", () => {
  for (const [does, { path, change, only, contradicts }] of Object.entries(wrongs)) {
    it(does, async () => {
      const changed = change();
      const server = await startReferenceServer((listener) => (request, response) => {
        const end = response.end.bind(response);
        const isMeant = request.url?.split("?")[0]?.endsWith(`/${apiKey}/${path}`) ?? false;
        if (isMeant) {
          response.end = ((text: string) =>
            end(JSON.stringify(changed(JSON.parse(text))))) as typeof response.end;
        }
        listener(request, response);
      });
      try {
        const report = await runServerCases({ baseUrl: server.url, apiKey, only });
        expect(report.failed).toBeGreaterThan(0);
        expect(report.contradicted.map(({ id }) => id)).toEqual(contradicts);
      } finally {
        await server.close();
      }
    });
  }
});

/** Changes an answer by how many there were before it. */
function counting(change: (count: number, answer: Json) => Json): () => Change {
  return () => {
    let count = 0;
    return (answer) => change(count++, answer);
  };
}
