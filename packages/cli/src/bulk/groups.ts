import { createHash, type Hash } from "node:crypto";
import { findProxyType, type ProxyType, proxyTypes } from "@auto-extend/core";
import { usageError } from "../cli-error.js";
import { daysOf } from "../days.js";
import { proxyTypeOption } from "../proxy-type-option.js";
import type { Entry } from "./columns.js";
import { createSpool, type Spool } from "./spool.js";

/** What the orders of one run of the client have in common. */
export interface OrderKind {
  readonly proxyType: ProxyType;
  readonly rentPeriodDays: number;
}

/** A group that is being filled. */
export interface OpenGroup extends OrderKind {
  readonly spool: Spool;
  readonly hash: Hash;
  count: number;
}

/** What fills in for orders whose row says nothing of it. A row that does goes before. */
export interface Wanted {
  readonly type?: string | undefined;
  readonly days?: number | undefined;
}

/** Groups orders by proxy type and rental period, in the order in which they first come. */
export interface Groups {
  readonly all: readonly OpenGroup[];
  /**
   * The group of an order.
   *
   * @param where where the order was given, as the beginning of a sentence.
   * @throws CliError, a usage error, where type or period is missing or none.
   */
  of(entry: Entry, where: () => string): OpenGroup;
}

/** More kinds of orders than there can be; a column of something else has as many. */
const mostGroups = 100;

/**
 * Makes the groups, none at first.
 *
 * @throws CliError, a usage error, where the type that fills in is none.
 */
export function createGroups(wanted: Wanted): Groups {
  const typeElse = wanted.type === undefined ? undefined : proxyTypeOption(wanted.type);
  const groups = new Map<string, OpenGroup>();
  // What was read before needs no second look.
  const asWritten = new Map<string, OpenGroup>();

  function groupOf({ type, days }: Entry, where: () => string): OpenGroup {
    const proxyType = type === "" ? typeElse : proxyTypeOf(type, where());
    const rentPeriodDays = days === "" ? wanted.days : periodOf(days, where());
    if (proxyType === undefined) throw missing("proxy type", "type", where());
    if (rentPeriodDays === undefined) throw missing("rental period", "days", where());
    const key = `${proxyType} ${rentPeriodDays}`;
    const group = groups.get(key) ?? open({ proxyType, rentPeriodDays });
    groups.set(key, group);
    if (groups.size > mostGroups) {
      throw usageError(
        `There are more than ${mostGroups} kinds of orders, by type and rental period.`,
        "Check whether the columns headed type and days hold what they say.",
      );
    }
    return group;
  }

  return {
    get all() {
      return [...groups.values()];
    },
    of(entry, where) {
      const key = `${entry.type}\n${entry.days}`;
      const known = asWritten.get(key);
      if (known) return known;
      const group = groupOf(entry, where);
      asWritten.set(key, group);
      return group;
    },
  };
}

/** A group for people. */
export function nameOfGroup({ proxyType, rentPeriodDays }: OrderKind): string {
  return `${proxyType}, ${rentPeriodDays} ${rentPeriodDays === 1 ? "day" : "days"}`;
}

function open(group: OrderKind): OpenGroup {
  return { ...group, spool: createSpool(), hash: createHash("sha256"), count: 0 };
}

/** The proxy type in a row. */
function proxyTypeOf(text: string, where: string): ProxyType {
  const proxyType = findProxyType(text);
  if (proxyType) return proxyType;
  throw usageError(
    `${where} has the proxy type "${text}", which there is not.`,
    `The types are ${proxyTypes.join(", ")}, in any case. Where the column headed type means something else, give it another heading.`,
  );
}

function periodOf(text: string, where: string): number {
  const days = daysOf(text);
  if (days !== undefined) return days;
  throw usageError(
    `${where} has the rental period "${text}", which is no whole number of days.`,
    "Correct it, such as 30. Where the column headed days means something else, give it another heading.",
  );
}

function missing(what: string, name: string, where: string): Error {
  return usageError(
    `${where} has no ${what}.`,
    `Give --${name}, which fills in for rows that have none, or a column headed ${name} with one in each row.`,
  );
}
