import { helpWith } from "../help.js";
import type { Definition } from "./definition.js";

const examples = [
  "auto-extend doctor",
  "auto-extend doctor --base-url http://127.0.0.1:4010   # the mock server",
  "auto-extend doctor --json",
];

/** `doctor`. */
export const defineDoctor: Definition = (program, ask) => {
  program
    .command("doctor")
    .description(
      "Check the server, TLS, API key, clock and answers, with requests that only read, and say what to do.",
    )
    .addHelpText("after", helpWith(examples))
    .action(() =>
      ask("doctor", async (context) => {
        const { examine } = await import("../commands/doctor.js");
        return examine(context);
      }),
    );
};
