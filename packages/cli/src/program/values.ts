import { InvalidArgumentError } from "commander";
import { daysOf } from "../days.js";

/** A rental period, or another span, in whole days. */
export function days(text: string): number {
  const value = daysOf(text);
  if (value !== undefined) return value;
  throw new InvalidArgumentError(
    `It must be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}, such as 30.`,
  );
}

const mostSeconds = 86_400;

/** A span of time in seconds. */
export function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= mostSeconds) return value;
  throw new InvalidArgumentError(`It must be a number of seconds above 0, ${mostSeconds} at most.`);
}

/** One value of an option that can be repeated. */
export function collect(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, text];
}

const mostHours = 87_600;

/** A span of time in hours. */
export function hours(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= mostHours) return value;
  throw new InvalidArgumentError(`It must be a number of hours from 0 to ${mostHours}.`);
}

/** A span of time in hours that is not none. */
export function someHours(text: string): number {
  const value = hours(text);
  if (value > 0) return value;
  throw new InvalidArgumentError(`It must be more than 0 hours.`);
}

const slowest = 0.001;

/** How many requests are started in a second at most. */
export function rate(text: string): number {
  const value = Number(text);
  if (value >= slowest && Number.isFinite(value)) return value;
  throw new InvalidArgumentError(`It must be a number of requests a second, ${slowest} or more.`);
}
