import { visible } from "./visible.js";

/** An amount for people: at least two decimals, and no more than it has. */
export function amountText(amount: number): string {
  return amount.toFixed(6).replace(/0{1,4}$/, "");
}

/** An amount with its currency, for people; without, where the server named none. */
export function moneyText(amount: number, currency: string | null | undefined): string {
  return `${amountText(amount)} ${visible(currency ?? "")}`.trimEnd();
}
