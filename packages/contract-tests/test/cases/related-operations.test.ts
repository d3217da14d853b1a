import { describe, expect, it } from "vitest";
import { formatServerReport, runServerCases } from "../../src/index.js";
import { changingAnswers, startReferenceServer } from "../support/reference-server.js";
import { apiKey } from "../support/runs.js";

type Json = Record<string, unknown>;
type Change = (answer: Json) => Json;

/** A wrong answer below a path, the cases to run, and the statements that it contradicts. */
interface Wrong {
  readonly path: string;
  readonly change: () => Change;
  readonly only: string;
  readonly contradicts: readonly string[];
}

const wrongs: Readonly<Record<string, Wrong>> = {
  "takes money for a price": {
    path: "balance",
    change: counting((count, answer) => ({ ...answer, balance: Number(answer.balance) - count })),
    only: "priceExtension/spends-nothing",
    contradicts: ["priceExtension/spends-nothing"],
  },
  "has one price for everything": {
    path: "calculate/extend/order",
    change: () => (answer) => ({ ...answer, price: 0.5 }),
    only: "priceExtension/several-orders",
    contradicts: ["priceExtension/several-orders"],
  },
  "does not list what was switched": {
    path: "ipAddress",
    change: () => (answer) => ({ ...answer, IPv4: [] }),
    only: "listIpAddresses/extend-info",
    contradicts: ["listIpAddresses/extend-info"],
  },
  "lists other IP addresses than it switches": {
    path: "ipAddress",
    change: () => (answer) => JSON.parse(JSON.stringify(answer).replaceAll("ip-of-11111", "another")),
    only: "setAutoExtend/success/IPv4",
    contradicts: ["setAutoExtend/quantity", "listIpAddresses/success"],
  },
  "lists IP addresses in a failure": {
    path: "ipAddress",
    change: () => (answer) => ({ ...answer, list: [{ ipAddressId: "1", orderId: "11111" }] }),
    only: "listIpAddresses/rule/proxy-type/unknown",
    contradicts: ["listIpAddresses/failure"],
  },
  "lists another IP address where one is listed twice": {
    path: "extend/auto",
    change: counting((count, answer) => (count < 1 ? answer : { ...answer, ipAddressIds: ["other"] })),
    only: "setAutoExtendByIpAddress/duplicates",
    contradicts: ["setAutoExtendByIpAddress/quantity"],
  },
};

describe("the server cases name the statements that a server contradicts which", () => {
  for (const [does, { path, change, only, contradicts }] of Object.entries(wrongs)) {
    it(does, async () => {
      const server = await startReferenceServer(changingAnswers(path, change()));
      try {
        const report = await runServerCases({ baseUrl: server.url, apiKey, only, rereadDelayMs: 0 });
        expect(report.failed).toBeGreaterThan(0);
        expect(report.contradicted.map(({ id }) => id)).toEqual(contradicts);
      } finally {
        await server.close();
      }
    });
  }
});

/** Servers that earlier versions of the cases were too strict for. */
const lawful: Readonly<Record<string, Pick<Wrong, "path" | "change" | "only">>> = {
  "shows balance and currency in a failure to price": {
    path: "calculate/extend/order",
    change: () => (answer) =>
      answer.success || (answer.error as Json).code === 2
        ? answer
        : { ...answer, balance: 0.65, currency: "USD" },
    only: "priceExtension/rule/",
  },
  "gives a discount on quantity": {
    path: "calculate/extend/order",
    change: () => (answer) =>
      Number(answer.price) > 1 && Number(answer.price) < 5
        ? { ...answer, price: Number(answer.price) * 0.9, discount: 10 }
        : answer,
    only: "priceExtension/",
  },
  "does not warn of a price that its discount may bring below the balance": {
    path: "calculate/extend/order",
    change: () => (answer) => (answer.success ? { ...answer, warnings: null, discount: 0.5 } : answer),
    only: "priceExtension/warnings",
  },
};

describe("the server cases pass a server that", () => {
  for (const [does, { path, change, only }] of Object.entries(lawful)) {
    it(does, async () => {
      const server = await startReferenceServer(changingAnswers(path, change()));
      try {
        const report = await runServerCases({ baseUrl: server.url, apiKey, only });
        expect(formatServerReport(report)).not.toContain("failed");
        expect(report.passed).toBeGreaterThan(0);
      } finally {
        await server.close();
      }
    });
  }

  it("leaves out of its problem documents what RFC 9457 does not require", async () => {
    const server = await startReferenceServer((listener) => (request, response) => {
      const end = response.end.bind(response);
      response.end = ((text: string) => {
        const { title } = JSON.parse(text);
        end(response.statusCode >= 400 ? JSON.stringify({ title }) : text);
      }) as typeof response.end;
      listener(request, response);
    });
    try {
      const report = await runServerCases({ baseUrl: server.url, apiKey, only: "transport/" });
      expect(formatServerReport(report)).not.toContain("failed");
    } finally {
      await server.close();
    }
  });
});

/** Changes an answer depending on how many came before it. */
function counting(change: (count: number, answer: Json) => Json): () => Change {
  return () => {
    let count = 0;
    return (answer) => change(count++, answer);
  };
}
