import { openClient } from "../account/open-client.js";
import type { Context } from "../context.js";
import type { Outcome } from "../invocation.js";
import { moneyText } from "../money.js";

/** Tells the balance. */
export async function showBalance(context: Context): Promise<Outcome> {
  const { client } = await openClient(context);
  const { balance, currencyCode } = await client.getBalance({ signal: context.io.signal });
  const currency = currencyCode ?? null;
  return { result: { balance, currency }, text: () => `${moneyText(balance, currency)}\n` };
}
