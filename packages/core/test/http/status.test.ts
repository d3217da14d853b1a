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
    ["7 minutes", null],
    ["2030-02-30T00:00:00Z", null],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 0],
    ["", null],
    ["soon", null],
    ["7, soon", null],
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
    expect(readRetryAfter({ date, "retry-after": header }, 0)).toBe(expected);
  });

  it("is compared with this machine's clock if the answer has no date", () => {
    expect(readRetryAfter({ "retry-after": later }, Date.parse(date))).toBe(5_000);
    expect(readRetryAfter({}, 0)).toBeNull();
    expect(readHttpDate(undefined)).toBeNull();
  });
});
