import { defineCommand } from "../../app/command.js";
import { verifyOptions } from "./types.js";

export const verify = defineCommand({
  name: "verify",
  group: "Servers",
  description: "Check a server against the contract, and report which assumptions it contradicts.",
  options: verifyOptions,
  help: "A server on this machine is taken for a test server: every case runs there, and switches and restores its orders. If it is a tunnel to the live server, these are your orders.",
  examples: [
    "auto-extend verify --base-url http://127.0.0.1:4010",
    "auto-extend verify --junit report.xml",
    "auto-extend verify --allow-changes --order IPv4:11111,22222:30",
  ],
  async run(context, { options }) {
    const { verify } = await import("./verify.js");
    return verify(context, options);
  },
});
