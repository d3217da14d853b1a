import { type ProxyType, proxyTypes } from "@auto-extend/core";
import { openClient } from "../account/open-client.js";
import type { Context } from "../context.js";
import type { Outcome } from "../invocation.js";
import { proxyTypeOption } from "../proxy-type-option.js";
import { table } from "../table.js";

/** Tells which rental periods are sold, for one proxy type or all four. */
export async function showPeriods(context: Context, type: string | undefined): Promise<Outcome> {
  const types: readonly ProxyType[] = type === undefined ? proxyTypes : [proxyTypeOption(type)];
  const { client } = await openClient(context);
  const periods: { proxyType: ProxyType; rentPeriodDays: readonly number[] }[] = [];
  for (const proxyType of types) {
    const { rentPeriodDays } = await client.getRentPeriods({ proxyType }, { signal: context.io.signal });
    periods.push({ proxyType, rentPeriodDays });
  }
  return {
    result: { periods },
    text: () =>
      `${table(periods, [
        { head: "TYPE", cell: (each) => each.proxyType },
        { head: "DAYS", cell: (each) => each.rentPeriodDays.join(", ") || "none" },
      ]).join("\n")}\n`,
  };
}
