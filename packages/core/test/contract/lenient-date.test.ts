import { expect, it } from "vitest";
import { parseLenientDate } from "../../src/contract/lenient-date.js";
import { checkAnswer, createRedactor, listIpAddresses, specOf } from "../../src/index.js";

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
  ["2030-01-31t12:30:15z", "2030-01-31T12:30:15.000Z"],
  ["2030-01-31 12:30:15,5", "2030-01-31T12:30:15.500Z"],
  ["2030-01-31T12:30:15.123456789Z", "2030-01-31T12:30:15.123Z"],
  ["2030-01-31T23:59:59.999+14:00", "2030-01-31T09:59:59.999Z"],
  ["2030-01-31 12:30 +0200", "2030-01-31T10:30:00.000Z"],
  ["31.01.2030, 12:30", "2030-01-31T12:30:00.000Z"],
  ["29.02.2028", "2028-02-29T00:00:00.000Z"],
  [0, "1970-01-01T00:00:00.000Z"],
  [99_999_999_999, "5138-11-16T09:46:39.000Z"],
  [100_000_000_000, "1973-03-03T09:46:40.000Z"],
  [1_896_048_000.25, "2030-01-31T00:00:00.250Z"],
  ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"],
])("reads %j", (text, date) => {
  expect(parseLenientDate(text)).toBe(date);
});

it.each([
  "",
  "soon",
  "2030-02-31",
  "2030-02-29",
  "2030-13-01",
  "2030-00-10",
  "2030-01-00",
  "2030-01-31T24:00:00Z",
  "2030-01-31 12:61",
  "2030-01-31T12:00:61Z",
  "2030-01-31T12",
  "2030-01-31T12:00:00+99:00",
  "2030-01-31 12:00 CET",
  "x2030-01-31",
  "31.13.2030",
  "31.01.2030 24:00",
  "31.01.2030 12:61",
  "31.01.30",
  "12345678",
  "12345678901234",
  "9999-12-31T23:59:59.999-01:00",
  253_402_300_800_000,
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

/** The findings about an answer with a record that has these fields, in a form that the mock does not have. */
function findingsOf(fields: object, where: (record: object) => object = (record) => ({ data: [record] })) {
  const json = { success: true, ...where({ orderId: "1", ipAddressId: "1", ...fields }) };
  const headers = { "content-type": "application/json" };
  const options = {
    redact: createRedactor(),
    level: "lawful",
    emits: specOf(listIpAddresses).emits,
  } as const;
  return checkAnswer(listIpAddresses, { request: {}, status: 200, headers, body: { json } }, options).filter(
    ({ message }) => message.includes("date"),
  );
}

it.each([
  { dateEnd: "2027-02-29T00:00:00.000Z" },
  { dateStart: "2026-13-01" },
  { dateEnd: "2026-04-31T12:00:00Z" },
  { dateEnd: "2030-01-31T24:00:00Z" },
  { dateEnd: "2030-01-31 23:60" },
  { dateEnd: "31.04.2026" },
  { dateEnd: "soon" },
  { dateEnd: 1e20 },
  { paidUntil: "2027-02-29" },
  { paidUntil: "29.02.2027 12:00" },
])("a date in an answer that no calendar or clock has is a finding, wherever the record is: %j", (fields) => {
  const [name] = Object.keys(fields);
  const finding = { part: "body", level: "emits", statement: null };
  expect(findingsOf(fields)).toMatchObject([{ ...finding, path: `data[0].${name}` }]);
  const deep = (record: object) => ({ orders: { IPv4: [{ list: [record] }] } });
  expect(findingsOf(fields, deep)).toMatchObject([{ ...finding, path: `orders.IPv4[0].list[0].${name}` }]);
});

it.each([
  { dateStart: "2030-01-01", dateEnd: "31.01.2030 12:00" },
  { dateEnd: 1_896_048_000 },
  { dateEnd: null },
  { ipAddressIp: "192.0.2.1", note: "until 2027-02-29", port: 20_270_229, version: "1.2.3" },
])("neither a date in any common notation nor another text is a finding: %j", (fields) => {
  expect(findingsOf(fields)).toEqual([]);
});

it("names the first hundred of many dates that no calendar has", () => {
  const records = (record: object) => ({ data: Array.from({ length: 5_000 }, () => record) });
  expect(findingsOf({ dateEnd: "2027-02-29" }, records).length).toBeLessThanOrEqual(100);
});
