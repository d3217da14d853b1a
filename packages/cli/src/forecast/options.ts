/** The options of `forecast`. */
import {
  fileOption,
  hours,
  type OptionSpec,
  type OptionsOf,
  option,
  parseTime,
  rate,
  someHours,
  upTo,
  days as wholeDays,
} from "../app/command.js";

const maxDays = 3_650;

const ifOn: OptionSpec<readonly string[]> = {
  flags: "--if-on <orderId...>",
  description: "also show the cost of switching these orders on",
  parse: (text, earlier = []) => [...earlier, text],
  repeats: true,
};

export const forecastOptions = {
  days: {
    ...option("--days <days>", `how many days to look ahead, up to ${maxDays}`, upTo(maxDays)),
    initial: 90,
  },
  ifOn,
  ifOnDays: option(
    "--if-on-days <days>",
    "the rental period to switch them on with, for orders without one in the file (default: looked up)",
    wholeDays,
  ),
  file: fileOption("--file <file>", "like --if-on, with the order IDs of a file; - is stdin"),
  html: fileOption("--html <file>", "write the forecast as a web page with a chart, in one file"),
  now: option("--now <time>", "count from this time, in ISO 8601 (default: the server's time)", parseTime),
  leadHours: option(
    "--lead-hours <hours>",
    "how long before its end an order is renewed (default: 0; an assumption, since nothing public says it)",
    hours,
  ),
  retryHours: option(
    "--retry-hours <hours>",
    "how long after a failure a renewal is tried again (default: never; an assumption, too)",
    someHours,
  ),
  rate: option("--rate <count>", "maximum price requests per second", rate),
};

export type ForecastOptions = OptionsOf<typeof forecastOptions>;
