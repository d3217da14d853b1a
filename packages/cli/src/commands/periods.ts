import { type ProxyType, proxyTypes } from "@auto-extend/core";
import { defineCommand, parseProxyType, typeWords } from "../app/command.js";
import { table } from "../app/format.js";

export const periods = defineCommand({
  name: "periods",
  group: "Costs",
  description: "Show the rental periods that are sold, for one proxy type or all.",
  argument: "[type]",
  argumentValues: typeWords,
  options: {},
  examples: ["auto-extend periods", "auto-extend periods IPv6 --json"],
  async run(context, { args: [type] }) {
    const types: readonly ProxyType[] = type === undefined ? proxyTypes : [parseProxyType(type)];
    const { openClient } = await import("../app/connection.js");
    const { client } = await openClient(context);
    const periods: { proxyType: ProxyType; rentPeriodDays: number[] }[] = [];
    for (const proxyType of types) {
      const { rentPeriodDays } = await client.getRentPeriods({ proxyType }, { signal: context.io.signal });
      periods.push({ proxyType, rentPeriodDays: [...rentPeriodDays] });
    }
    return {
      result: { periods },
      text: () =>
        `${table(periods, [
          { head: "Type", cell: (each) => each.proxyType },
          { head: "Days", cell: (each) => each.rentPeriodDays.join(", ") || "none" },
        ]).join("\n")}\n`,
    };
  },
});
