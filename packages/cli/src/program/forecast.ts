import type { ForecastOptions } from "../commands/forecast.js";
import { helpWith } from "../help.js";
import type { Definition } from "./definition.js";
import { days, hours, rate, someHours } from "./values.js";

const examples = [
  "auto-extend forecast",
  "auto-extend forecast --days 365 --html forecast.html",
  "auto-extend forecast --days 30 --json | jq .result.firstShortage",
];

/** `forecast`. */
export const defineForecast: Definition = (program, ask) => {
  program
    .command("forecast")
    .description("Tells which renewals lie ahead, what they cost, and when the balance is short.")
    .option("--days <days>", "how many days to look ahead", days, 90)
    .option("--html <file>", "writes a page with a chart, complete in one file")
    .option("--now <moment>", "counts from this moment, in ISO 8601; the server's time where left out")
    .option(
      "--lead-hours <hours>",
      "how long before its end an order is renewed (0: nothing is public)",
      hours,
    )
    .option(
      "--retry-hours <hours>",
      "how long after a renewal that could not be paid it is tried again (never: nothing is public)",
      someHours,
    )
    .option("--rate <count>", "prices asked for in a second at most", rate)
    .option("--ascii", "draws the chart with letters that every terminal has")
    .addHelpText("after", helpWith(examples))
    .action((options: ForecastOptions) =>
      ask("forecast", async (context) => {
        const { forecast } = await import("../commands/forecast.js");
        return forecast(context, options);
      }),
    );
};
