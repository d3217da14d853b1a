import { helpWith } from "../help.js";
import type { Definition } from "./definition.js";

/** `errors`. */
export const defineErrors: Definition = (program, ask) => {
  program
    .command("errors [code]")
    .description("Explains the provider's error codes, or one of them, and how sure each meaning is.")
    .addHelpText(
      "after",
      helpWith(["auto-extend errors", "auto-extend errors 29", "auto-extend errors 29 --json"]),
    )
    .action((code: string | undefined) =>
      ask("errors", async (context) => {
        const { explainErrors } = await import("../commands/errors.js");
        return explainErrors(context, code);
      }),
    );
};
