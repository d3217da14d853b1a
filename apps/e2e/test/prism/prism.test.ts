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

describe("the same proxy, for what our client would never send", () => {
  const probes = specOf(setAutoExtend)
    .rules.flatMap((rule) => rule.probes.map((probe) => ({ rule, probe })))
    // Prism passes on no body at all where it was sent the JSON value null.
    .filter(({ probe }) => probe.id !== "null-body");

  async function post(url: string, body: unknown, apiKey = "judged-key") {
    const path = fillPath(setAutoExtend.path, { apiKey });
    const answer = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const violations = violationsOf(answer);
    return {
      json: (await answer.json()) as { error: { code: number } | null },
      ofRequest: violations.filter(({ location }) => location[0] === "request"),
      ofAnswer: violations.filter(({ location }) => location[0] === "response"),
    };
  }

  it.each(probes)("finds nothing wrong with our refusal of $probe.title", async ({ rule, probe }) => {
    const body = probe.request({ ...byType.IPv4.request, autoExtend: false }, byType.IPv6.request);
    const { json, ofAnswer } = await post(judge.url, body, probe.apiKey);
    expect(json.error?.code).toBe(rule.code);
    expect(ofAnswer).toEqual([]);
  });

  it.each([
    ["a proxy type that does not exist", { proxyType: "SOCKS5" }],
    ["order IDs outside a list", { orderIds: "11111" }],
    ["an order number", { orderIds: ["NUMBER-112233"] }],
    ["no order IDs", { orderIds: [] }],
    ["a fraction of a day", { rentPeriodDays: 30.5 }],
    ["a request without autoExtend", { autoExtend: undefined }],
  ])("would complain of %s, had our client sent it", async (_, change) => {
    const wrong = await post(judge.url, { ...byType.IPv4.request, ...change });
    expect(wrong.ofRequest).not.toEqual([]);
    const right = await post(judge.url, byType.IPv4.request);
    expect(right.ofRequest).toEqual([]);
  });
});
