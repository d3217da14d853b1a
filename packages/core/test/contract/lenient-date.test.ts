import { expect, it } from "vitest";
import { parseLenientDate } from "../../src/contract/ip-address-list.js";

it.each<[unknown, string]>([
  ["2030-01-31T12:30:15.250Z", "2030-01-31T12:30:15.250Z"],
  ["2030-01-31T12:30:15+02:00", "2030-01-31T10:30:15.000Z"],
  ["2030-01-31 12:30:15-0130", "2030-01-31T14:00:15.000Z"],
  ["2030-01-31 12:30", "2030-01-31T12:30:00.000Z"],
  ["2030-01-31", "2030-01-31T00:00:00.000Z"],
  ["31.01.2030", "2030-01-31T00:00:00.000Z"],
  [" 31.01.2030 12:30:15 ", "2030-01-31T12:30:15.000Z"],
  [1_896_048_000, "2030-01-31T00:00:00.000Z"],
  [1_896_048_000_000, "2030-01-31T00:00:00.000Z"],
  ["1896048000", "2030-01-31T00:00:00.000Z"],
])("reads %j", (text, moment) => {
  expect(parseLenientDate(text)).toBe(moment);
});

it.each([
  "",
  "soon",
  "2030-02-31",
  "2030-01-31T25:00:00Z",
  "32.01.2030",
  "99999-01-01",
  -5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  null,
  undefined,
  {},
  true,
])("does not read %j", (text) => {
  expect(parseLenientDate(text)).toBeNull();
});
