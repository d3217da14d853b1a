import type { OrdersOptions } from "../commands/orders.js";
import { helpWith } from "../help.js";
import type { Definition } from "./definition.js";

const examples = [
  "auto-extend orders",
  "auto-extend orders --type IPv4 --auto off --ending-within 7d",
  "auto-extend orders --country DE --sort -addresses --json",
  "auto-extend orders --csv --auto on > on.csv   # off --file on.csv takes it as it is",
  "auto-extend orders --type isp --auto off --ids | auto-extend on --type isp --days 30 --yes --file -",
];

/** `orders`. */
export const defineOrders: Definition = (program, ask) => {
  program
    .command("orders")
    .description("Lists your orders, when they end, and whether auto-extend is on.")
    .option("--type <type>", "only this proxy type: IPv4, IPv6, MOBILE or ISP, in any case")
    .option("--ending-within <span>", "only those that end within hours, days or weeks: 12h, 7d, 2w")
    .option("--auto <state>", "only those with auto-extend on, or off; one that is partly on is both")
    .option("--country <country>", "only those with an IP address of this country, in any case")
    .option(
      "--sort <column>",
      "by order, type, addresses, country, ends, auto or period; -ends for the other way round",
      "ends",
    )
    .option("--csv", "prints CSV, which on --file and off --file take")
    .option("--ids", "prints the order ids alone, one a line")
    .option("--now <moment>", "counts from this moment, in ISO 8601; the server's time where left out")
    .addHelpText("after", helpWith(examples))
    .action((options: OrdersOptions) =>
      ask("orders", async (context) => {
        const { listOrders } = await import("../commands/orders.js");
        return listOrders(context, options);
      }),
    );
};
