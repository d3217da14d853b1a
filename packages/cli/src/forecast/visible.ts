import type { ForecastReport } from "./report.js";

/** An amount for people: at least two decimals, and no more than it has. */
export function amountText(amount: number): string {
  return amount.toFixed(6).replace(/0{1,4}$/, "");
}

/** An amount with its currency, for people; without, where the server named none. */
export function moneyText(amount: number, currency: string): string {
  return `${amountText(amount)} ${visible(currency)}`.trimEnd();
}

/** What a column or a chart of amounts is headed with: a name, and the currency where the server named one. */
export function headedWith(name: string, currency: string): string {
  return currency === "" ? name : `${name} (${visible(currency)})`;
}

/** A moment for people, to the minute: `2030-01-31 12:00`, in UTC. */
export function momentText(moment: string): string {
  return moment.slice(0, 16).replace("T", " ");
}

/**
 * A text that came from elsewhere, in one line and no longer than that: what could move a cursor, end a line or turn
 * the direction of what follows is shown as an escape.
 */
export function visible(text: string, most = 40): string {
  const shown = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escaped);
  const characters = [...shown];
  return characters.length > most ? `${characters.slice(0, most - 3).join("")}...` : shown;
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

function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
    .join("");
}
