import type { RenewableOrder, RenewalGroup } from "@auto-extend/core";
import { forecastReport, type ReportInput } from "../../src/forecast/report.js";

/** An order of IPv4 addresses with auto-extend on for 30 days, unless it is given otherwise. */
export function order(
  orderId: string,
  endsAt: string,
  {
    quantity = 1,
    proxyType = "IPv4",
    autoExtend = true,
    rentPeriodDays = 30,
  }: Partial<Pick<RenewableOrder, "proxyType">> & {
    quantity?: number;
    autoExtend?: boolean;
    rentPeriodDays?: number;
  } = {},
): RenewableOrder {
  const ipAddresses = Array.from({ length: quantity }, (_, index) => ({
    ipAddressId: `${orderId}-${index + 1}`,
    autoExtend,
    rentPeriodDays,
  }));
  return { orderId, proxyType, endsAt, ipAddresses };
}

/** An IP address costs 1.1, whatever the period. */
export function priceOf({ ipAddressIds }: RenewalGroup): number {
  return (ipAddressIds.length * 11) / 10;
}

/** The input of a forecast whose details do not matter. */
export const input: ReportInput = {
  orders: [],
  balance: 10,
  currency: "USD",
  priceOf,
  from: "2030-01-01T06:00:00.000Z",
  days: 60,
  host: "proxies.example",
  isComplete: true,
  skipped: [],
};

/** Two orders of which the second can't be renewed twice, one that is off, one without a price, and one left out. */
export const shortInput: ReportInput = {
  ...input,
  orders: [
    order("first", "2030-01-05T12:00:00Z", { quantity: 3 }),
    order("second", "2030-01-10T08:30:00Z", { quantity: 2, proxyType: "ISP" }),
    order("off", "2030-01-20T00:00:00Z", { autoExtend: false }),
    order("unpriced", "2030-01-25T00:00:00Z", { proxyType: "MOBILE" }),
  ],
  priceOf: (group) => (group.proxyType === "MOBILE" ? null : priceOf(group)),
  skipped: [{ orderId: "endless", reason: "it has no end" }],
};

/** The report on {@link shortInput}. */
export const shortReport = forecastReport(shortInput);

/** A report on nothing but a balance. */
export function quietReport(balance: number, days = 60) {
  return forecastReport({ ...input, balance, days });
}
