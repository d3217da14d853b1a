/** @import { FaultOutcome, Span } from "./fault-outcomes.mjs" */

/**
 * How long a call takes, in words.
 *
 * @param {Pick<FaultOutcome, "attempts" | "pauses">} figures
 */
export function timeText({ attempts, pauses }) {
  const takeTime = attempts.some(([, most]) => most > 0);
  const spansBy = (/** @type {string} */ reason) =>
    pauses.filter(({ by }) => by === reason).map(({ span }) => span);
  const [byChance, asked] = [spansBy("chance"), spansBy("Retry-After")];
  const parts = [
    ...(takeTime ? [attempts.length === 1 ? listed(attempts) : `attempts of ${listed(attempts)}`] : []),
    ...(byChance.length > 0 ? [`pauses of at most ${listed(byChance.map(([, most]) => [most, most]))}`] : []),
    ...(asked.length > 0 ? [`waits ${listed(asked)} by \`Retry-After\``] : []),
  ];
  return parts.join("; ") || "at once";
}

/** @param {readonly Span[]} spans */
function listed(spans) {
  const [last = "", ...others] = spans
    .map(([least, most]) => (least === most ? duration(most) : `${duration(least)} to ${duration(most)}`))
    .reverse();
  return others.length === 0 ? last : `${others.reverse().join(", ")} and ${last}`;
}

/** @param {number} milliseconds */
function duration(milliseconds) {
  return milliseconds < 1_000 ? `${milliseconds} ms` : `${milliseconds / 1_000} s`;
}
