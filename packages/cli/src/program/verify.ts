import type { VerifyOptions } from "../commands/verify.js";
import { helpWith } from "../help.js";
import type { Definition } from "./definition.js";
import { collect } from "./values.js";

/** `verify`. */
export const defineVerify: Definition = (program, ask) => {
  program
    .command("verify")
    .description("Runs the contract tests against a server, and tells which assumptions it contradicts.")
    .option(
      "--allow-changes",
      "runs the cases that a server can act on too, on other machines than this one; asks first",
    )
    .option(
      "--order <type:id[,id...][:days]>",
      "orders to price; the cases that --allow-changes lets run leave them off: a renewal that was on is lost; can be repeated",
      collect,
    )
    .option(
      "--grade <grade>",
      "leaves out the cases whose evidence is weaker: reference, sibling, observed or assumed",
    )
    .option("--only <prefix>", "runs only the cases whose id begins so")
    .option("--yes", "runs what --allow-changes allows without asking")
    .addHelpText(
      "after",
      helpWith([
        "auto-extend verify --base-url http://127.0.0.1:4010",
        "auto-extend verify   # the live server, with requests that it can't act on",
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
