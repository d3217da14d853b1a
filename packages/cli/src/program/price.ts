import type { PriceOptions } from "../commands/price.js";
import { helpWith } from "../help.js";
import type { Definition } from "./definition.js";
import { days } from "./values.js";

const examples = [
  "auto-extend price 11111 22222",
  "auto-extend price 11111 --days 90",
  "auto-extend price 55555 --promo-code SPRING --json",
];

/** `price`. */
export const definePrice: Definition = (program, ask) => {
  program
    .command("price <orderId...>")
    .description(
      "Tells what one extension of orders costs, and what it leaves of the balance. Spends nothing.",
    )
    .option("--type <type>", "the proxy type of the orders; that of the list where left out")
    .option("--days <days>", "the rental period in days; that of the list where left out", days)
    .option("--promo-code <code>", "prices with a promo code")
    .addHelpText("after", helpWith(examples))
    .action((orderIds: string[], options: PriceOptions) =>
      ask("price", async (context) => {
        const { showPrice } = await import("../commands/price.js");
        return showPrice(context, { ...options, orderIds });
      }),
    );
};
