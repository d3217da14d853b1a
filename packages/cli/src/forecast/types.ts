/** The result of `forecast`, as `--json` prints it. */
import { proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";

/** In ISO 8601, in UTC. */
const time = z.string().datetime();

/** A day in UTC, such as `2030-01-31`. */
const date = z.string().date();

/** In units of the currency, exact to a millionth. */
const amount = z.number();

const count = z.number().int().nonnegative();

/** IP addresses of one order that are renewed, or end, together. */
const group = {
  orderId: z.string(),
  proxyType: z.enum(proxyTypes),
  quantity: count,
};

/** IP addresses that are, or would be, renewed together. */
const due = { at: time, ...group, rentPeriodDays: z.number() };

const renewal = z.strictObject({
  ...due,
  /** The price of the renewal of all of them; `null` if it is not known, so that it fails. */
  price: amount.nullable(),
  outcome: z.enum(["renewed", "failed"]),
  balance: amount,
  /** The new end; `null` if it fails. */
  endsAt: time.nullable(),
});

const expiry = z.strictObject({
  at: time,
  ...group,
  ipAddressIds: z.array(z.string()),
  /** Auto-extend is off; or only a part of an IPv6 order could be renewed; or a renewal was not paid. */
  because: z.enum(["off", "incomplete", "unpaid"]),
});

const day = z.strictObject({
  date,
  balance: amount,
  spent: amount,
  /** The price of the renewals that are due on that day, if the balance were enough for all. */
  demand: amount,
  renewed: count,
  failed: count,
  expired: count,
});

const shortage = z.strictObject({
  ...due,
  date,
  price: amount,
  balance: amount,
  missing: amount,
});

const withReason = z.strictObject({ orderId: z.string(), reason: z.string() });

export const forecastResult = z.strictObject({
  host: z.string(),
  from: time,
  /** The last time that the forecast covers, itself included. */
  until: time,
  days: count,
  currency: z.string(),
  settings: z.strictObject({
    /** How long before its end an order is renewed and paid. */
    leadTimeHours: z.number(),
    /** How long after a failure it is tried again; `null` for never. */
    retryHours: z.number().nullable(),
  }),
  balance: z.strictObject({ start: amount, end: amount }),
  spent: amount,
  /** The sum of all renewals with a known price, if the balance were enough for them: "Due in all". */
  demand: amount,
  /** How many renewals these are, and those without a known price. */
  renewalsDue: count,
  /** The sum of the paid ones for each proxy type that has any, the most expensive first. */
  spentByProxyType: z.array(z.strictObject({ proxyType: z.enum(proxyTypes), renewed: count, spent: amount })),
  /** The amount to top up at the start so that no renewal with a known price fails; 0 if the balance covers them. */
  needed: amount,
  firstShortage: shortage.nullable(),
  /** IP addresses that expire because the balance is not enough, even after the last time; all are in `expiries`. */
  expiring: z.array(expiry),
  renewals: z.array(renewal),
  /** IP addresses that end, those included that end after the last time because of a failure before it. */
  expiries: z.array(expiry),
  /** Every day from the first to the last, also if nothing happens on it. */
  byDay: z.array(day),
  /** Renewals that fail because no price is known: the first of each order and rental period. */
  unpriced: z.array(z.strictObject(due)),
  /** Whether the list of IP addresses is complete. If not, there may be more renewals, and amounts are too low. */
  isComplete: z.boolean(),
  skipped: z.array(withReason),
  /** The difference that switching on would make; `null` without `--if-on`. The rest of the result is without it. */
  ifOn: z
    .strictObject({
      orders: count,
      /** Orders that are on already, with the same rental period. */
      unchanged: count,
      addresses: count,
      /** Those of them that are on already, and would get another rental period. */
      otherPeriods: count,
      /** Orders that would change, and whose price is not known: the amounts do not include them. */
      unpriced: count,
      leftOut: z.array(withReason),
      /** How much more the renewals would cost, if the balance were enough for all; negative if less. */
      addedDemand: amount,
      /** How many more renewals would be due; negative if fewer. */
      addedRenewals: z.number().int(),
      /** The amount to top up then, in place of `needed`. */
      needed: amount,
      firstShortage: shortage.nullable(),
    })
    .nullable(),
});

export type ForecastReport = z.infer<typeof forecastResult>;

export type ForecastDay = ForecastReport["byDay"][number];
