import { isTroubleStatus, isUncertainStatus, readHttpDate, readRetryAfter } from "@auto-extend/core";
import { describe, expect, it } from "vitest";

describe("a status", () => {
  it.each([408, 429, 500, 503, 599])("%i is about the server or the way to it", (status) => {
    expect(isTroubleStatus(status)).toBe(true);
    expect(isUncertainStatus(status)).toBe(status !== 429);
  });

  it.each([0, 200, 204, 307, 400, 401, 404, 413])("%i is not", (status) => {
    expect(isTroubleStatus(status)).toBe(false);
    expect(isUncertainStatus(status)).toBe(false);
  });
});

describe("Retry-After", () => {
  const date = "Tue, 01 Jan 2030 00:00:00 GMT";
  const later = "Tue, 01 Jan 2030 00:00:05 GMT";

  it.each<[string, number | null]>([
    ["7", 7_000],
    [" 7 ", 7_000],
    ["0", 0],
    ["7, 60", 7_000],
    [later, 5_000],
    [`${later}, ${date}`, 5_000],
    [`${later},60`, 5_000],
    ["Tue Jan  1 00:00:05 2030", 5_000],
    ["Tuesday, 01-Jan-30 00:00:05 GMT", 5_000],
    ["Tue, 01 Jan 2030 00:00:05 +0000", 5_000],
    ["Tue, 01 Jan 2030 00:00:05 UTC", 5_000],
    ["2030-01-01T00:00:05Z", 5_000],
    ["2030-01-01T01:00:05.000+01:00", 5_000],
    ["2030-01-01 00:00:05", 5_000],
    ["2030-01-01T00:00:05Z, 60", 5_000],
    ["2029-12-31", 0],
    [".5", 1_000],
    ["3s", 3_000],
    ["3 seconds", 3_000],
    ["9".repeat(400), 1e15],
    ["999999999", 999_999_999_000],
    ["1893456005", 5_000],
    ["1000000000", 0],
    ["1893456005000", 5_000],
    ["1893456004.5", 4_500],
    ["7 minutes", null],
    ["2030-02-30T00:00:00Z", null],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 0],
    ["", null],
    ["soon", null],
    ["7, soon", 7_000],
    ["64.57", 65_000],
    ["0.2", 1_000],
    ["1.", null],
    ["-1", null],
    ["Mon, 99 Foo 2020 GMT", null],
    ["Sat, 30 Feb 2030 00:00:00 GMT", null],
    ["Thu Feb 29 00:00:00 2030", null],
    ["Thu, 31-Apr-30 00:00:00 GMT", null],
    ["Mon Foo 99 00:00:00 2020", null],
  ])("of %j is a pause of %j ms", (header, expected) => {
    expect(readRetryAfter({ status: 200, headers: { date, "retry-after": header } }, 0)).toBe(expected);
  });

  it.each([
    ["1500", 2_000],
    ["3600000", 3_600_000],
    ["soon", 7_000],
    ["-1", 7_000],
  ])("is preceded by a Retry-After-Ms, rounded up to whole seconds: %j is %j ms", (ms, expected) => {
    const headers = { "retry-after": "7", "retry-after-ms": ms };
    expect(readRetryAfter({ status: 200, headers }, 0)).toBe(expected);
  });

  it("is compared with this machine's clock if the answer has no date", () => {
    const now = Date.parse(date);
    expect(readRetryAfter({ status: 503, headers: { "retry-after": later } }, now)).toBe(5_000);
    expect(readRetryAfter({ status: 503, headers: {} }, 0)).toBeNull();
    expect(readHttpDate(undefined)).toBeNull();
  });
});

describe("the reset of a rate limit", () => {
  const date = "Tue, 01 Jan 2030 00:00:00 GMT";
  const pauseOf = (headers: Record<string, string>, status = 429) =>
    readRetryAfter({ status, headers: { date, ...headers } }, 0);

  it.each<[string, Record<string, string>, number]>([
    ["seconds", { "x-ratelimit-reset": "30", "x-ratelimit-limit": "60" }, 30_000],
    ["seconds in the standard's first form", { "ratelimit-reset": "30", "ratelimit-remaining": "0" }, 30_000],
    ["epoch seconds", { "x-ratelimit-reset": "1893456030", "x-ratelimit-remaining": "0" }, 30_000],
    ["epoch milliseconds", { "x-rate-limit-reset": "1893456030000" }, 30_000],
    ["a date in ISO 8601", { "x-ratelimit-reset": "2030-01-01T00:00:30Z" }, 30_000],
    ["an HTTP date", { "x-ratelimit-reset": "Tue, 01 Jan 2030 00:00:30 GMT" }, 30_000],
    ["one header for all", { ratelimit: "limit=100, remaining=0, reset=30" }, 30_000],
    [
      "the standard's form",
      { ratelimit: '"default";r=0;t=30', "ratelimit-policy": '"default";q=9;w=60' },
      30_000,
    ],
    ["several limits, one used up", { ratelimit: '"day";r=50;t=9999, "burst";r=0;t=30' }, 30_000],
    ["several limits, all used up", { ratelimit: '"day";r=0;t=30, "burst";r=0;t=1' }, 30_000],
    [
      "limits by what they count",
      { "x-ratelimit-reset-requests": "30s", "x-ratelimit-reset-tokens": "9s" },
      30_000,
    ],
  ])("is the pause if there is no Retry-After: %s", (_, headers, expected) => {
    expect(pauseOf(headers)).toBe(expected);
    expect(pauseOf(headers, 503)).toBe(expected);
    expect(pauseOf({ ...headers, "retry-after": "7" })).toBe(7_000);
    expect(pauseOf({ ...headers, "retry-after": "soon" })).toBe(expected);
    for (const status of [200, 404, 500]) expect(pauseOf(headers, status)).toBeNull();
  });

  it.each<[string, Record<string, string>]>([
    ["is not used up", { "x-ratelimit-reset": "30", "x-ratelimit-remaining": "59" }],
    ["is not used up, in one header", { ratelimit: "limit=100, remaining=5, reset=30" }],
    ["is not used up, in the standard's form", { ratelimit: '"default";r=5;t=30' }],
    ["ends now", { "x-ratelimit-reset": "0" }],
    ["has ended", { "x-ratelimit-reset": "1893455999" }],
    ["has an end that cannot be read", { "x-ratelimit-reset": "soon", ratelimit: "reset" }],
    ["is not stated", { "x-reset": "30", "x-ratelimit-limit": "60" }],
  ])("is no pause if the limit %s", (_, headers) => {
    expect(pauseOf(headers)).toBeNull();
  });
});
