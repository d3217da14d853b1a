import { formatIssues, formatPath, issuesOf, setAutoExtend } from "@auto-extend/core";
import { expect, it } from "vitest";

it("writes paths the way code would", () => {
  expect(formatPath([])).toBe("");
  expect(formatPath(["orderIds", 0])).toBe("orderIds[0]");
  expect(formatPath(["error", "code"])).toBe("error.code");
  expect(formatPath(["a", 1, 2, "b"])).toBe("a[1][2].b");
});

it("writes all issues on one line", () => {
  expect(
    formatIssues([
      { path: "", message: "must be an object" },
      { path: "orderIds[0]", message: "is empty" },
    ]),
  ).toBe("must be an object; orderIds[0]: is empty");
});

it("takes over every issue of a failed parse", () => {
  const { error } = setAutoExtend.request.safeParse({ proxyType: "IPv4", orderIds: [""], autoExtend: true });
  expect(error && issuesOf(error)).toEqual([
    { path: "orderIds[0]", message: "is empty" },
    {
      path: "rentPeriodDays",
      message: "is missing: give a number of days, such as 30, even to switch off",
    },
  ]);
});
