import { helpWith } from "../help.js";
import type { Definition } from "./definition.js";

const examples = ["auto-extend balance", "auto-extend balance --json"];

/** `balance`. */
export const defineBalance: Definition = (program, ask) => {
  program
    .command("balance")
    .description("Tells the balance of your account.")
    .addHelpText("after", helpWith(examples))
    .action(() =>
      ask("balance", async (context) => {
        const { showBalance } = await import("../commands/balance.js");
        return showBalance(context);
      }),
    );
};
