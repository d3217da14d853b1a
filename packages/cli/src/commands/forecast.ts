import { InvalidArgumentError } from "commander";
import {
  days,
  defineCommand,
  fileOption,
  flag,
  hours,
  type OptionSpec,
  type OptionsOf,
  option,
  rate,
  someHours,
} from "../app/command.js";
import { parseTime } from "../app/time.js";
import { forecastResult } from "../forecast/types.js";

/** The longest forecast, in days. */
const maxDays = 3_650;

const ifOn: OptionSpec<readonly string[]> = {
  flags: "--if-on <orderId...>",
  description: "also show the cost of switching these orders on",
};

const options = {
  days: {
    ...option("--days <days>", `how many days to look ahead, up to ${maxDays}`, (text) => {
      const value = days(text);
      if (value <= maxDays) return value;
      throw new InvalidArgumentError(`It must be a whole number from 1 to ${maxDays}.`);
    }),
    initial: 90,
  },
  ifOn,
  file: fileOption("--file <file>", "the same with the order IDs of a file; - is stdin"),
  html: fileOption("--html <file>", "write a page with a chart, complete in one file"),
  now: option("--now <time>", "count from this time, in ISO 8601 (default: the server's time)", parseTime),
  leadHours: option(
    "--lead-hours <hours>",
    "how long before its end an order is renewed (default: 0, not public)",
    hours,
  ),
  retryHours: option(
    "--retry-hours <hours>",
    "how long after a failure a renewal is tried again (default: never, not public)",
    someHours,
  ),
  rate: option("--rate <count>", "maximum price requests per second", rate),
  ascii: flag("--ascii", "draw the chart in ASCII"),
};

export type ForecastOptions = OptionsOf<typeof options>;

/** `auto-extend forecast` */
export const forecast = defineCommand({
  name: "forecast",
  description: "Show the renewals to come, their cost, and when the balance runs out.",
  options,
  examples: [
    "auto-extend forecast",
    "auto-extend forecast --days 365 --html forecast.html",
    "auto-extend forecast --if-on 11111 22222",
    "auto-extend forecast --days 30 --json | jq .result.firstShortage",
  ],
  result: forecastResult,
  async run(context, { options }) {
    const { forecast } = await import("../forecast/forecast.js");
    return forecast(context, options);
  },
});
