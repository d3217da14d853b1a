import { proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";

/** In ISO 8601, in UTC. */
const moment = z.string().datetime();

/** A day in UTC, such as `2030-01-31`. */
const date = z.string().date();

/** In units of the currency, exact to a millionth. */
const amount = z.number();

const count = z.number().int().nonnegative();

/** IP addresses of one order that are renewed, or end, together. */
const group = {
  orderId: z.string(),
  proxyType: z.enum(proxyTypes),
  /** How many IP addresses. */
  quantity: count,
};

const renewal = z
  .object({
    at: moment,
    ...group,
    rentPeriodDays: z.number(),
    /** What the renewal of all of them costs; null where that is not known, and so it fails. */
    price: amount.nullable(),
    outcome: z.enum(["renewed", "failed"]),
    /** The balance after it. */
    balance: amount,
    /** The new end; null where it fails. */
    endsAt: moment.nullable(),
  })
  .strict();

const expiry = z
  .object({
    at: moment,
    ...group,
    ipAddressIds: z.array(z.string()),
    /** Auto-extend is off; or only a part of an IPv6 order could be renewed; or a renewal was not paid. */
    because: z.enum(["off", "incomplete", "unpaid"]),
  })
  .strict();

const day = z
  .object({
    date,
    /** At the end of the day. */
    balance: amount,
    /** The least that it is on that day. */
    lowest: amount,
    spent: amount,
    /** How many renewals are paid. */
    renewed: count,
    /** How many renewals are not. */
    failed: count,
    /** How many IP addresses end. */
    expired: count,
  })
  .strict();

const shortage = z
  .object({
    at: moment,
    date,
    ...group,
    rentPeriodDays: z.number(),
    price: amount,
    /** What is left then. */
    balance: amount,
    /** What is missing for this one renewal. */
    missing: amount,
  })
  .strict();

/** The `result` of `forecast`: a forecast, with all that lies ahead in order of time. */
export const forecasted = z
  .object({
    /** The host that was asked for the orders. */
    host: z.string(),
    from: moment,
    /** The last moment that is looked at, itself included. */
    until: moment,
    days: count,
    currency: z.string(),
    /** What the forecast takes for true of renewals. */
    settings: z
      .object({
        /** How long before its end an order is renewed and paid. */
        leadTimeHours: z.number(),
        /** How long after a failure it is tried again; null for never. */
        retryHours: z.number().nullable(),
      })
      .strict(),
    balance: z.object({ start: amount, end: amount }).strict(),
    /** What the renewals that are paid cost together. */
    spent: amount,
    /** The same for each proxy type that has any, the dearest first. */
    spentByProxyType: z.array(
      z.object({ proxyType: z.enum(proxyTypes), renewed: count, spent: amount }).strict(),
    ),
    /** What must be paid in at the start so that no renewal with a known price fails; 0 where the balance covers them. */
    needed: amount,
    /** The first renewal that the balance does not cover. */
    firstShortage: shortage.nullable(),
    /** What expires because the balance is short, even where it does so after the last moment; all are in `expiries`. */
    expiring: z.array(expiry),
    /** Every renewal that is tried. */
    renewals: z.array(renewal),
    /** Everything that ends, what ends after the last moment for a failure before it included. */
    expiries: z.array(expiry),
    /** Every day from the first to the last, those on which nothing happens included. */
    byDay: z.array(day),
    /** What fails because no price is known, the first time for each order and rental period. */
    unpriced: z.array(z.object({ at: moment, ...group, rentPeriodDays: z.number() }).strict()),
    /** The orders that are left out of the forecast. */
    skipped: z.array(
      z
        .object({
          orderId: z.string(),
          /** For people. */
          reason: z.string(),
        })
        .strict(),
    ),
  })
  .strict();
