import { visible } from "../visible.js";
import type { ForecastReport } from "./report.js";

/** What a column or a chart of amounts is headed with: a name, and the currency where the server named one. */
export function headedWith(name: string, currency: string): string {
  return currency === "" ? name : `${name} (${visible(currency)})`;
}

/** A moment for people, to the minute: `2030-01-31 12:00`, in UTC. */
export function momentText(moment: string): string {
  return moment.slice(0, 16).replace("T", " ");
}

/** What a forecast takes for true of renewals, in a sentence. */
export function assumptions({ settings: { leadTimeHours, retryHours } }: ForecastReport): string {
  const paid =
    leadTimeHours === 0 ? "when its orders would end" : `${hours(leadTimeHours)} before its orders would end`;
  const failed = retryHours === null ? "not tried again" : `tried again after ${hours(retryHours)}`;
  return `A renewal is taken to be paid ${paid}; one that fails is ${failed}.`;
}

function hours(count: number): string {
  return `${count} ${count === 1 ? "hour" : "hours"}`;
}
