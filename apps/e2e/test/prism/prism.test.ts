import { createClient, isApiError } from "@auto-extend/client";
import { fillPath, proxyTypes, setAutoExtend, specOf, unknownApiKey } from "@auto-extend/core";
import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Judge, startJudge, type Violation, violationsOf } from "./prism.js";

const { requests: byType } = specOf(setAutoExtend).examples;

let mock: MockServer;
let judge: Judge;
beforeAll(async () => {
  mock = await startMockServer();
  judge = await startJudge(mock.url);
});
afterAll(async () => {
  await judge.close();
  await mock.close();
});

/** A client whose every exchange goes through the judge. */
function judgedClient(apiKey = "judged-key") {
  const violations: Violation[] = [];
  const client = createClient({
    apiKey,
    baseUrl: judge.url,
    retry: false,
    fetch: async (input, init) => {
      const answer = await fetch(input, init);
      violations.push(...violationsOf(answer));
      return answer;
    },
  });
  return { client, violations };
}

describe("a validating proxy made by others, between our client and our mock", () => {
  it.each(proxyTypes)("finds nothing to complain of for %s, on and off", async (type) => {
    const { client, violations } = judgedClient();
    for (const autoExtend of [true, false]) {
      const answer = await client.setAutoExtend({ ...byType[type].request, autoExtend });
      expect(answer).toEqual(byType[type].success);
    }
    expect(violations).toEqual([]);
  });

  const refusals = proxyTypes.flatMap((type) => {
    const { orderIds } = byType[type === "IPv4" ? "IPv6" : "IPv4"].request;
    return [
      { type, why: "an unknown API key", code: 2, change: {}, apiKey: unknownApiKey },
      { type, why: "an unknown order", code: 29, change: { orderIds: ["99999"] } },
      { type, why: "an order of another type", code: 29, change: { orderIds } },
      { type, why: "a period that is not sold", code: 11, change: { rentPeriodDays: 60 } },
    ];
  });

  it.each(refusals)(
    "finds nothing to complain of when the client is refused $why of $type",
    async ({ type, code, change, apiKey }) => {
      const { client, violations } = judgedClient(apiKey);
      const refused = await client
        .setAutoExtend({ ...byType[type].request, ...change })
        .catch((error: unknown) => error);
      expect(isApiError(refused) && refused.code).toBe(code);
      expect(violations).toEqual([]);
    },
  );
});

it.each([
  ["a proxy type that does not exist", { proxyType: "SOCKS5" }],
  ["an order number", { orderIds: ["NUMBER-112233"] }],
  ["a fraction of a day", { rentPeriodDays: 30.5 }],
  ["a request without autoExtend", { autoExtend: undefined }],
])("the same proxy would complain of %s, had our client sent it", async (_, change) => {
  const answer = await fetch(judge.url + fillPath(setAutoExtend.path, { apiKey: "judged-key" }), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...byType.IPv4.request, ...change }),
  });
  expect(violationsOf(answer).filter(({ location }) => location[0] === "request")).not.toEqual([]);
});
