const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long it is from one moment to another, both in ISO 8601, in its two largest units: `29d 23h`, `5h 10m`, `ended`. */
export function timeLeft(now: string, until: string): string {
  const left = Date.parse(until) - Date.parse(now);
  if (left <= 0) return "ended";
  if (left >= day) return `${Math.floor(left / day)}d ${Math.floor((left % day) / hour)}h`;
  if (left >= hour) return `${Math.floor(left / hour)}h ${Math.floor((left % hour) / minute)}m`;
  return `${Math.max(1, Math.floor(left / minute))}m`;
}
