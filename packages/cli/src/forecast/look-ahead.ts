/** The renewals and expiries of the days to come. */
import { type ForecastInput, forecastRenewals, type RenewalEvent } from "@auto-extend/core";

export type Tried = Extract<RenewalEvent, { type: "renewed" | "failed" }>;

export type Expired = Extract<RenewalEvent, { type: "expired" }>;

export function isRenewal(event: RenewalEvent): event is Tried {
  return event.type !== "expired";
}

/**
 * Forecasts up to a time, and beyond it only to see the end of what fails by then.
 *
 * @returns the events by then; the IP addresses that expire by then and, because of a failure by then, after it; and those
 * of them that expire because the balance is not enough.
 */
export function lookAhead(input: ForecastInput & { readonly settings: { readonly leadTimeHours: number } }) {
  const last = Date.parse(input.until);
  // A renewal that is tried at the last time ends when the lead time is over.
  const end = Math.min(last + Math.ceil(input.settings.leadTimeHours * hour), latest);
  const { events } = forecastRenewals({ ...input, until: new Date(end).toISOString() });
  const isByThen = ({ at }: RenewalEvent) => Date.parse(at) <= last;
  const failures = new Map<string, Failure>();
  const expiries: Expired[] = [];
  const expiring: Expired[] = [];
  for (const event of events) {
    if (isRenewal(event)) {
      if (event.type === "renewed" || isByThen(event)) remember(event, failures);
      continue;
    }
    // IP addresses that end together failed together.
    const [name = ""] = namesOf(event);
    const failure = event.because === "unpaid" ? failures.get(name) : null;
    if (isByThen(event) || failure) expiries.push(event);
    if (failure === "short") expiring.push(event);
  }
  return { events: events.filter(isByThen), expiries, expiring };
}

/** Why the last renewal of an IP address failed: the balance was not enough, or no price is known; `null` if it did not. */
type Failure = "short" | "unpriced" | null;

function remember(event: Tried, failures: Map<string, Failure>): void {
  const reason = event.price === null ? "unpriced" : "short";
  for (const name of namesOf(event)) failures.set(name, event.type === "failed" ? reason : null);
}

function namesOf({ group }: RenewalEvent): string[] {
  return group.ipAddressIds.map((id) => JSON.stringify([group.orderId, id]));
}

const hour = 3_600_000;

const latest = 8.64e15;

export interface Demand {
  readonly at: string;
  readonly price: number;
}

/** The renewals with a known price until the end, if the balance were enough for all. */
export function demandOf(input: ForecastInput): Demand[] {
  // If nothing costs anything, nothing fails.
  const ideal = forecastRenewals({
    ...input,
    balance: 0,
    priceOf: (group) => (input.priceOf(group) === null ? null : 0),
  });
  return ideal.events
    .filter(isRenewal)
    .filter(({ price }) => price !== null)
    .map(({ at, group }) => ({ at, price: input.priceOf(group) ?? 0 }));
}
