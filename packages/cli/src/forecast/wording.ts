import { cleanShort, counted } from "../app/format.js";
import type { ForecastReport } from "./types.js";

/** The heading of a column or chart of amounts: a name, and the currency if the server named one. */
export function headedWith(name: string, currency: string): string {
  return currency === "" ? name : `${name} (${cleanShort(currency)})`;
}

export function assumptions({ settings: { leadTimeHours, retryHours } }: ForecastReport): string {
  const paid =
    leadTimeHours === 0 ? "when the IP addresses end" : `${hours(leadTimeHours)} before the IP addresses end`;
  const failed = retryHours === null ? "not tried again" : `tried again after ${hours(retryHours)}`;
  return `Assumed: a renewal is paid ${paid}; a renewal that fails is ${failed}.`;
}

function hours(count: number): string {
  return counted(count, "hour", "hours");
}
