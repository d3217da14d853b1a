import { defineCommand } from "../../app/command.js";

export const doctor = defineCommand({
  name: "doctor",
  group: "Servers",
  description: "Check the server, TLS, API key, clock and answers, with requests that only read.",
  options: {},
  examples: [
    "auto-extend doctor",
    "auto-extend doctor --base-url http://127.0.0.1:4010   # the mock",
    "auto-extend doctor --json",
  ],
  async run(context) {
    const { examine } = await import("./examine.js");
    return examine(context);
  },
});
