import { defineCommand } from "../app/command.js";
import { moneyText } from "../app/format.js";

export const balance = defineCommand({
  name: "balance",
  group: "Costs",
  description: "Show the balance of your account.",
  options: {},
  examples: ["auto-extend balance", "auto-extend balance --json"],
  async run(context) {
    const { openClient } = await import("../app/connection.js");
    const { client } = await openClient(context);
    const { balance, currencyCode } = await client.getBalance({ signal: context.io.signal });
    const result = { balance, currency: currencyCode ?? null };
    return { result, text: () => `${moneyText(result.balance, result.currency)}\n` };
  },
});
