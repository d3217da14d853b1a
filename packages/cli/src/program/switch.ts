import type { SwitchOptions } from "../commands/switch.js";
import { helpWith } from "../help.js";
import type { Definition } from "./definition.js";
import { days } from "./values.js";

const examples = {
  on: [
    "auto-extend on --type IPv4 --days 30 11111 22222",
    "auto-extend on --type isp --days 90 --file orders.csv --yes",
    "auto-extend on --type IPv6 --days 90 33333 --dry-run",
  ],
  off: [
    "auto-extend off --type IPv4 --days 30 11111 22222",
    "auto-extend off --type mobile --days 30 --file orders.txt --json",
    "grep -v keep orders.txt | auto-extend off --type IPv4 --days 30 --file -",
  ],
};

/** `on` and `off`. */
export const defineSwitch: Definition = (program, ask) => {
  for (const name of ["on", "off"] as const) {
    const purpose = name === "on" ? "on: it costs money at each renewal" : "off";
    program
      .command(`${name} [orderId...]`)
      .description(`Switches auto-extend ${purpose}. Every IP address of the given orders is switched.`)
      .requiredOption("--type <type>", "the proxy type of the orders: IPv4, IPv6, MOBILE or ISP, in any case")
      .requiredOption("--days <days>", "the rental period in days; switching off needs it as well", days)
      .option("--file <file>", "reads order ids from a file, one a line or CSV; - is stdin")
      .option("--yes", "switches on without asking; off never asks")
      .option("--dry-run", "prints the request as a curl command without the API key, and sends nothing")
      .addHelpText("after", helpWith(examples[name]))
      .action((orderIds: string[], options: SwitchOptions) =>
        ask(name, async (context) => {
          const { switchOrders } = await import("../commands/switch.js");
          return switchOrders(context, { ...options, orderIds, autoExtend: name === "on" });
        }),
      );
  }
};
