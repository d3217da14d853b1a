import { type Issue, issuesOf, proxyTypes, unknownApiKey } from "@auto-extend/core";
import { z } from "zod";
import { worldMessages } from "./world-messages.js";

/** The mock's starting world as people write it: a JSON file, or a value. */
export type World = z.input<typeof worldSchema>;
/** The mock's state: a world in which every moment is absolute and nothing is left out. API keys are never part of it. */
export interface State {
  version: 1;
  accounts: AccountState[];
}
/** One account of a {@link State}. */
export type AccountState = Omit<z.output<typeof accountSchema>, "apiKey">;
/** One order of an account. */
export type OrderState = z.output<typeof orderSchema>;
/** One IP address of an order. */
export type IpAddressState = z.output<typeof ipAddressSchema>;

const days = z.number().int().min(1);
const id = z.string().min(1);
const span = /^\+(\d{1,6})([dh])$/;
const momentOrSpan = new RegExp(
  `${span.source}|^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2})$`,
);

const ipAddressSchema = z
  .object({
    ipAddressId: id.describe("Unique within the account."),
    ip: z.string().ip().describe("The address itself, IPv4 or IPv6."),
    country: z.string().min(1).describe("Where the address is, such as DE."),
    autoExtend: z.boolean().default(false).describe("Whether the address is extended when its order ends."),
    rentPeriodDays: days.default(30).describe("The rental period of the next extension, in days."),
  })
  .strict();

const orderSchema = z
  .object({
    orderId: id.describe("Unique within the account."),
    proxyType: z.enum(proxyTypes).describe("All addresses of an order are of this type."),
    endsAt: z
      .string()
      .regex(
        momentOrSpan,
        'must be a moment such as "2030-01-31T12:00:00Z", or a span from the start such as "+30d" or "+12h"',
      )
      .describe(
        'When the order ends: a moment ("2030-01-31T12:00:00Z"), or a span from the start ("+30d", "+12h").',
      ),
    ipAddresses: z.array(ipAddressSchema).min(1).describe("The addresses of the order."),
  })
  .strict();

const accountSchema = z
  .object({
    id: id.describe(
      'Unique. The account "default" is what any API key without an account of its own gets a copy of.',
    ),
    apiKey: id
      .refine((key) => key !== unknownApiKey, {
        message: "stands for a key that no account has: choose another",
      })
      .optional()
      .describe("The API key of this account. It is taken in and never shown again."),
    balance: z.number().finite().describe("In units of the currency."),
    currency: z.string().min(1).describe("Such as USD."),
    rentPeriods: z
      .object({ IPv4: z.array(days), IPv6: z.array(days), MOBILE: z.array(days), ISP: z.array(days) })
      .partial()
      .strict()
      .describe(
        "The rental periods sold, in days, for each proxy type; nothing is sold for one that is left out.",
      ),
    orders: z.array(orderSchema).describe("The orders of the account."),
  })
  .strict();

/** The schema of a world file. */
export const worldSchema = z
  .object({
    $schema: z.string().optional().describe("Where an editor finds the JSON Schema of this file."),
    version: z.literal(1).describe("The version of this format."),
    accounts: z.array(accountSchema).min(1).describe("The accounts."),
  })
  .strict();

/** A world that can't be used; `issues` has every problem with its path. */
export class WorldError extends Error {
  override readonly name = "WorldError";
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    const lines = issues.map(({ path, message }) => `  ${path || "(the whole)"}: ${message}`);
    super(
      `The world has ${issues.length === 1 ? "a problem" : `${issues.length} problems`}:\n${lines.join("\n")}`,
    );
    this.issues = issues;
  }
}

/** A world that was read: its state, and the API keys that came with its accounts. */
export interface ReadWorld {
  readonly state: State;
  /** Account id by API key. */
  readonly keys: ReadonlyMap<string, string>;
}

/**
 * Reads a world: checks it whole and makes spans absolute.
 *
 * @param now the moment that spans count from, in milliseconds since 1970.
 * @throws WorldError with all problems at once.
 */
export function readWorld(input: unknown, now: number): ReadWorld {
  const parsed = worldSchema.safeParse(input, { errorMap: worldMessages });
  const issues = [
    ...(parsed.success ? [] : issuesOf(parsed.error)),
    ...duplicateIssues(input),
    ...dateIssues(input),
  ];
  if (!parsed.success || issues.length > 0) throw new WorldError(issues);

  const keys = new Map<string, string>();
  const accounts = parsed.data.accounts.map(({ apiKey, ...account }) => {
    if (apiKey !== undefined) keys.set(apiKey, account.id);
    return {
      ...account,
      orders: account.orders.map((order) => ({ ...order, endsAt: moment(order.endsAt, now) })),
    };
  });
  return { state: { version: 1, accounts }, keys };
}

function moment(endsAt: string, now: number): string {
  const [, count, unit] = span.exec(endsAt) ?? [];
  if (count === undefined) return new Date(endsAt).toISOString();
  return new Date(now + Number(count) * (unit === "d" ? 24 : 1) * 3_600_000).toISOString();
}

/** What must be unique; looked for in whatever came, so that people see these problems along with the others. */
function duplicateIssues(input: unknown): Issue[] {
  const issues: Issue[] = [];
  const accounts = list(input, "accounts");
  repeats(accounts, "id", "accounts");
  repeats(accounts, "apiKey", "accounts");
  for (const [index, account] of accounts.entries()) {
    const orders = list(account, "orders");
    repeats(orders, "orderId", `accounts[${index}].orders`);
    const seen = new Set<unknown>();
    for (const [at, order] of orders.entries()) {
      repeats(
        list(order, "ipAddresses"),
        "ipAddressId",
        `accounts[${index}].orders[${at}].ipAddresses`,
        seen,
      );
    }
  }
  return issues;

  function repeats(items: readonly unknown[], field: string, path: string, seen = new Set<unknown>()) {
    for (const [index, item] of items.entries()) {
      const value = (item as Record<string, unknown> | null)?.[field];
      if (value === undefined) continue;
      // The value itself is left out: an API key is a secret.
      if (seen.has(value))
        issues.push({ path: `${path}[${index}].${field}`, message: "is used before: it must be unique" });
      seen.add(value);
    }
  }
}

/** Moments that are spelled well but are in no calendar. */
function dateIssues(input: unknown): Issue[] {
  return list(input, "accounts").flatMap((account, index) =>
    list(account, "orders").flatMap((order, at) => {
      const endsAt = (order as Record<string, unknown> | null)?.endsAt;
      const wrong =
        typeof endsAt === "string" &&
        momentOrSpan.test(endsAt) &&
        !span.test(endsAt) &&
        Number.isNaN(Date.parse(endsAt));
      return wrong
        ? [{ path: `accounts[${index}].orders[${at}].endsAt`, message: "is no date of the calendar" }]
        : [];
    }),
  );
}

function list(holder: unknown, field: string): readonly unknown[] {
  const value = (holder as Record<string, unknown> | null | undefined)?.[field];
  return Array.isArray(value) ? value : [];
}
