import { findProxyType, proxyTypes, rentPeriodsSold } from "@auto-extend/core";
import { expect, it } from "vitest";

it("spells the four types as the reference does", () => {
  expect(proxyTypes).toEqual(["IPv4", "IPv6", "MOBILE", "ISP"]);
});

it.each([
  ["ipv4", "IPv4"],
  ["IPV6", "IPv6"],
  [" Mobile ", "MOBILE"],
  ["isp", "ISP"],
])("finds the type that %o means", (text, type) => {
  expect(findProxyType(text)).toBe(type);
});

it.each(["", "IPv5", "IPv4,IPv6", "mobil"])("finds no type in %o", (text) => {
  expect(findProxyType(text)).toBeUndefined();
});

it("knows rental periods for every type, with a grade", () => {
  for (const type of proxyTypes) expect(rentPeriodsSold[type].days.length).toBeGreaterThan(0);
  expect(rentPeriodsSold.IPv6).toMatchObject({ days: [90, 180, 360], grade: "sibling" });
  expect(rentPeriodsSold.ISP.grade).toBe("assumed");
});
