import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { setAutoExtend, specOf } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { clientOf, nowhere } from "../support/fixtures.js";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

describe("the errors of a run", () => {
  const orderIds = Array.from({ length: 40 }, (_, index) => String(10_000 + index));
  const long = "x".repeat(2_000_000);

  // All answers together are some 200 MB.
  it.each([
    [
      "a refusal",
      200,
      JSON.stringify({ ...specOf(setAutoExtend).examples.failure, error: { code: 29, message: "no" }, long }),
    ],
    ["a page", 502, long],
    ["text that is no JSON", 200, long],
  ])("hold little of the answers, such as %s", async (_, status, text) => {
    const fetch = async () =>
      new Response(
        text.replace("x", () => "y"),
        { status },
      );
    const client = clientOf(nowhere, { fetch, retry: false });
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    const options = { proxyType: "IPv4", rentPeriodDays: 30, autoExtend: false, chunkSize: 1 } as const;
    const errors: unknown[] = [];
    for (let run = 0; run < 5; run++) {
      const ids = orderIds.slice(run * 8, run * 8 + 8);
      for await (const { refused, unknown } of client.setAutoExtendMany(ids, options)) {
        errors.push(...refused, ...unknown);
      }
    }
    collectGarbage();
    expect(errors).toHaveLength(40);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(30_000_000);
  });
});
