import type { VerifyOptions } from "../commands/verify.js";
import { helpWith } from "../help.js";
import type { Definition } from "./definition.js";
import { collect } from "./values.js";

/** `verify`. */
export const defineVerify: Definition = (program, ask) => {
  program
    .command("verify")
    .description("Check a server against the contract, and report which assumptions it contradicts.")
    .option("--allow-changes", "also run the tests that a server can act on, off this machine; asks first")
    .option(
      "--order <type:id[,id...][:days]>",
      "orders to price and, with --allow-changes, to switch and restore (default: 30 days); repeatable",
      collect,
    )
    .option(
      "--grade <grade>",
      "run only the tests with at least this evidence: reference, sibling, observed or assumed",
    )
    .option("--only <prefix>", "run only the tests whose id begins with this")
    .option("--yes", "do not ask before --allow-changes")
    .addHelpText(
      "after",
      helpWith([
        "auto-extend verify --base-url http://127.0.0.1:4010",
        "auto-extend verify   # the live server, with requests that it cannot act on",
        "auto-extend verify --allow-changes --order IPv4:11111,22222:30 --order ISP:55555",
      ]),
    )
    .action((options: VerifyOptions) =>
      ask("verify", async (context) => {
        const { verify } = await import("../commands/verify.js");
        return verify(context, options);
      }),
    );
};
