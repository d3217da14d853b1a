import { defineCommand } from "../app/command.js";
import { forecastOptions } from "../forecast/options.js";

export const forecast = defineCommand({
  name: "forecast",
  group: "Costs",
  description: "Show the renewals to come, their cost, and when the balance runs out.",
  options: forecastOptions,
  examples: [
    "auto-extend forecast",
    "auto-extend forecast --days 365 --html forecast.html",
    "auto-extend forecast --if-on 11111 22222",
    "auto-extend forecast --days 30 --json | jq .result.firstShortage",
  ],
  async run(context, { options }) {
    const { forecast } = await import("../forecast/forecast.js");
    return forecast(context, options);
  },
});
