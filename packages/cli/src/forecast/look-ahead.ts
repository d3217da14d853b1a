import { type ForecastInput, forecastRenewals, type RenewalEvent } from "@auto-extend/core";

/** A renewal that is tried. */
export type Tried = Extract<RenewalEvent, { type: "renewed" | "failed" }>;

/** The end of IP addresses. */
export type Expired = Extract<RenewalEvent, { type: "expired" }>;

/** What lies ahead. */
export interface Ahead {
  /** What happens up to the last moment. */
  readonly events: readonly RenewalEvent[];
  /** What expires by then and, for a failure by then, after it. */
  readonly expiries: readonly Expired[];
  /** Those of them that expire because the balance is short. */
  readonly expiring: readonly Expired[];
}

/** Whether an event is a renewal, paid or not. */
export function isRenewal(event: RenewalEvent): event is Tried {
  return event.type !== "expired";
}

/** Forecasts up to a moment, and goes on only to see the end of what fails by then. */
export function lookAhead(
  input: ForecastInput & { readonly settings: { readonly leadTimeHours: number } },
): Ahead {
  const last = Date.parse(input.until);
  // What is tried at the last moment ends when the lead time is over.
  const end = Math.min(last + Math.ceil(input.settings.leadTimeHours * hour), latest);
  const forecast = forecastRenewals({ ...input, until: new Date(end).toISOString() });
  const count = countUntil(forecast.events, last);
  const failures = new Failures();
  const expiries: Expired[] = [];
  const expiring: Expired[] = [];
  for (const [index, event] of forecast.events.entries()) {
    if (event.type === "renewed") failures.forget(event);
    else if (event.type === "failed") {
      if (index < count) failures.add(event);
    } else {
      const failure = failures.of(event);
      if (index < count || failure !== undefined) expiries.push(event);
      if (failure === "short") expiring.push(event);
    }
  }
  return { events: forecast.events.slice(0, count), expiries, expiring };
}

const hour = 3_600_000;

/** The last moment that a date can tell. */
const latest = 8.64e15;

function countUntil(events: readonly RenewalEvent[], last: number): number {
  const after = events.findIndex(({ at }) => Date.parse(at) > last);
  return after < 0 ? events.length : after;
}

/** Why the last renewal of an IP address failed: the balance was short, or no price is known. */
class Failures {
  readonly #reasons = new Map<string, "short" | "unpriced">();

  add(event: Extract<RenewalEvent, { type: "failed" }>): void {
    for (const name of namesOf(event)) this.#reasons.set(name, event.price === null ? "unpriced" : "short");
  }

  forget(event: RenewalEvent): void {
    for (const name of namesOf(event)) this.#reasons.delete(name);
  }

  /** The reason where this end comes of it; those that end together failed together. */
  of(event: Expired): "short" | "unpriced" | undefined {
    const [name] = namesOf(event);
    return event.because === "unpaid" && name !== undefined ? this.#reasons.get(name) : undefined;
  }
}

function namesOf({ group }: RenewalEvent): string[] {
  return group.ipAddressIds.map((id) => JSON.stringify([group.orderId, id]));
}
