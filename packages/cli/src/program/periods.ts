import { helpWith } from "../help.js";
import type { Definition } from "./definition.js";

const examples = ["auto-extend periods", "auto-extend periods IPv6 --json"];

/** `periods`. */
export const definePeriods: Definition = (program, ask) => {
  program
    .command("periods [type]")
    .description("Tells which rental periods are sold, for a proxy type or all of them.")
    .addHelpText("after", helpWith(examples))
    .action((type: string | undefined) =>
      ask("periods", async (context) => {
        const { showPeriods } = await import("../commands/periods.js");
        return showPeriods(context, type);
      }),
    );
};
