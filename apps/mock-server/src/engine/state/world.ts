import {
  type Issue,
  isExactAmount,
  issuesOf,
  type ProxyType,
  proxyTypes,
  unknownApiKey,
} from "@auto-extend/core";
import { z } from "zod/v3";
import { hasPlainYear, lastTimestamp, maxPeriodDays, parseDate } from "../../lib/dates.js";
import { schemaMessages, whole } from "../../lib/schemas.js";
import { worldIssues } from "./world-issues.js";

/** The mock's starting world as people write it: a JSON file, or a value. */
export type World = z.input<typeof worldSchema>;
/** The mock's state: a world with absolute times and without defaults. API keys are never part of it. */
export interface State {
  version: 1;
  /** The present by the mock's clock; missing from the state of one account. */
  startsAt?: string;
  renewals: RenewalRules;
  accounts: AccountState[];
}
/** How the mock renews, where no public page says it. */
export type RenewalRules = z.output<typeof renewalsSchema>;
/** One account of a {@link State}. */
export type AccountState = Omit<z.output<typeof accountSchema>, "apiKey" | "orders"> & {
  orders: OrderState[];
};
/** One order of an account. Its addresses know when they end. */
export interface OrderState {
  orderId: string;
  proxyType: ProxyType;
  ipAddresses: IpAddressState[];
}
/** One IP address of an order. */
export type IpAddressState = Omit<z.output<typeof ipAddressSchema>, "endsAt"> & { endsAt: string };

const days = whole.min(1).max(maxPeriodDays);
const id = z.string().min(1);
// Few enough digits not to lead far beyond the clock's last date.
const span = /^\+(?:(\d{1,5})d|(\d{1,6})h)$/;
const date = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const dateOrSpan = new RegExp(`${span.source}|${date.source}`);
const endsAt = z
  .string()
  .regex(
    dateOrSpan,
    'must be a date such as "2030-01-31T12:00:00Z", or a span from the start such as "+30d" or "+12h", of 99999 days or 999999 hours at most',
  )
  .superRefine(checkDate)
  .optional();
const absolute = z
  .string()
  .regex(date, 'must be a date such as "2030-01-31T12:00:00Z"')
  .superRefine(checkDate);
const last = new Date(lastTimestamp).toISOString();

/** A text that is written like a date must be one that exists. */
function checkDate(text: string, context: z.RefinementCtx): void {
  if (!date.test(text)) return;
  const time = parseDate(text);
  const refuse = (message: string) => context.addIssue({ code: z.ZodIssueCode.custom, message });
  if (Number.isNaN(time)) refuse("is not a date that exists");
  else if (!hasPlainYear(time)) refuse("must be in the years 0000 to 9999 in UTC, too");
}

const inexact = "must have at most nine digits before the decimal point and six after it";

const ipAddressSchema = z.strictObject({
  ipAddressId: id.describe("Unique within the account."),
  ip: z.string().ip().describe("The address itself, IPv4 or IPv6."),
  country: z.string().min(1).describe("Where the address is, such as DEU."),
  autoExtend: z.boolean().default(false).describe("Whether the address is renewed when it ends."),
  rentPeriodDays: days.default(30).describe("The rental period of the next renewal, in days."),
  endsAt: endsAt.describe("When the address ends, if not with its order."),
  failedAt: absolute
    .optional()
    .nullable()
    .describe("When a renewal of the address last failed for lack of money."),
});

const orderSchema = z.strictObject({
  orderId: id.describe("Unique within the account."),
  proxyType: z.enum(proxyTypes).describe("All addresses of an order are of this type."),
  endsAt: endsAt.describe(
    'When the addresses of the order end: a date ("2030-01-31T12:00:00Z"), or a span from the start ("+30d", "+12h"). Optional if each address has an end of its own.',
  ),
  ipAddresses: z.array(ipAddressSchema).min(1).describe("The addresses of the order."),
});

/** A rental period in days, as a key of prices. */
export const daysAsKey = /^[1-9]\d*$/;
const prices = z.record(
  z.string().regex(daysAsKey, "must be a number of days"),
  z.number().min(0).refine(isExactAmount, inexact),
);

const accountSchema = z.strictObject({
  id: id.describe('Unique. An API key without an account of its own gets a copy of the account "default".'),
  apiKey: id
    .refine((key) => key !== unknownApiKey, {
      message: "is always refused: choose another key",
    })
    .optional()
    .describe("The API key of this account. The mock never shows it."),
  balance: z.number().refine(isExactAmount, inexact).describe("In units of the currency."),
  currency: z.string().min(1).describe("Such as USD."),
  rentPeriods: z
    .strictObject({ IPv4: z.array(days), IPv6: z.array(days), MOBILE: z.array(days), ISP: z.array(days) })
    .partial()
    .describe("The rental periods sold, in days, by proxy type (default: none)."),
  prices: z
    .strictObject({ IPv4: prices, IPv6: prices, MOBILE: prices, ISP: prices })
    .partial()
    .default({})
    .describe(
      "The price of one IP address for a rental period, by proxy type and days. Without a price there is no renewal.",
    ),
  orders: z.array(orderSchema).describe("The orders of the account."),
});

const renewalsSchema = z.strictObject({
  leadTimeHours: z
    .number()
    .min(0)
    .max(maxPeriodDays * 24)
    .default(0)
    .describe("How long before its end an address is renewed and paid, in hours."),
  retryHours: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe("How long after a failed renewal it is tried again, in hours; null for never."),
});

export const worldSchema = z.strictObject({
  $schema: z.string().optional().describe("Where an editor finds the JSON Schema of this file."),
  version: z.literal(1).describe("The version of this format."),
  startsAt: absolute
    .refine(
      (text) => !(parseDate(text) > lastTimestamp),
      `must be ${last} at the latest, when the clock stops`,
    )
    .optional()
    .describe("When the mock's clock starts (default: the machine's time)."),
  renewals: renewalsSchema.optional().describe("How renewals work, where no public page says it."),
  accounts: z.array(accountSchema).min(1).describe("The accounts."),
});

/** The field `format` of a state file. */
export const stateFormat = "auto-extend-mock-state";

/** The maximum number of problems to show: a large world may have a hundred thousand. */
const maxShown = 20;

/** A world that cannot be used; `issues` has every problem with its path. */
export class WorldError extends Error {
  override readonly name = "WorldError";
  readonly issues: readonly Issue[];

  /** @param issues with their lines, if the world was read from a file. */
  constructor(issues: readonly (Issue & { readonly line?: number })[]) {
    super(`The world ${problemsText(issues, maxShown)}`);
    this.issues = issues;
  }
}

/** How many problems there are, and a line for each of the first. */
export function problemsText(issues: readonly (Issue & { readonly line?: number })[], most: number): string {
  const lines = issues
    .slice(0, most)
    .map(
      ({ path, message, line }) => `  ${line ? `line ${line}, ` : ""}${path || "(top level)"}: ${message}`,
    );
  if (issues.length > most) lines.push(`  and ${issues.length - most} more`);
  return `has ${issues.length === 1 ? "a problem" : `${issues.length} problems`}:\n${lines.join("\n")}`;
}

/** A checked world, whose spans are not converted to dates yet. */
export interface ReadWorld {
  /** When the clock starts, in milliseconds since 1970; `null` for the machine's time. */
  readonly startsAt: number | null;
  readonly renewals: RenewalRules;
  /** The IDs of its accounts. */
  readonly ids: readonly string[];
  /** Account IDs by API key. */
  readonly keys: ReadonlyMap<string, string>;
  /** All accounts, or one, with spans counted from a time in milliseconds since 1970. */
  accounts(now: number, id?: string): AccountState[];
}

/** Reads and checks a world. It throws a WorldError with all problems at once. */
export function readWorld(input: unknown): ReadWorld {
  if (Object(input).format === stateFormat) {
    const message = "is a state file, not a world: name it as the state file (stateFile, --state)";
    throw new WorldError([{ path: "", message }]);
  }
  const parsed = worldSchema.safeParse(input, { errorMap: schemaMessages(worldSchema) });
  const issues = [...(parsed.success ? [] : issuesOf(parsed.error)), ...worldIssues(input)];
  if (!parsed.success || issues.length > 0) throw new WorldError(issues);

  const { startsAt, renewals, accounts } = parsed.data;
  const keys = new Map<string, string>();
  for (const { apiKey, id } of accounts) if (apiKey !== undefined) keys.set(apiKey, id);
  return {
    startsAt: startsAt === undefined ? null : Date.parse(startsAt),
    renewals: renewals ?? renewalsSchema.parse({}),
    ids: accounts.map(({ id }) => id),
    keys,
    accounts: (now, id) =>
      accounts
        .filter((account) => id === undefined || account.id === id)
        .map((account) => absoluteAccount(account, now)),
  };
}

function absoluteAccount(
  { apiKey: _, ...account }: z.output<typeof accountSchema>,
  now: number,
): AccountState {
  // Many addresses end at the same time, and writing a date is slow.
  const written = new Map<string, string>();
  const toDate = (text: string) => {
    const known = written.get(text) ?? absoluteDate(text, now);
    written.set(text, known);
    return known;
  };
  return {
    ...account,
    orders: account.orders.map(({ endsAt = "", orderId, proxyType, ipAddresses }) => ({
      orderId,
      proxyType,
      ipAddresses: ipAddresses.map((address) => ({
        ...address,
        endsAt: toDate(address.endsAt ?? endsAt),
        ...(address.failedAt ? { failedAt: toDate(address.failedAt) } : {}),
      })),
    })),
  };
}

function absoluteDate(text: string, now: number): string {
  const [matched, days = 0, hours = 0] = span.exec(text) ?? [];
  if (matched === undefined) return new Date(text).toISOString();
  return new Date(now + (Number(days) * 24 + Number(hours)) * 3_600_000).toISOString();
}

/** The default world: at least one order of each proxy type, 30 days sold for each, 5 USD. Its prices are made up. */
export const defaultWorld: World = {
  version: 1,
  accounts: [
    {
      id: "default",
      balance: 5,
      currency: "USD",
      rentPeriods: { IPv4: [30], IPv6: [30], MOBILE: [30], ISP: [30] },
      prices: { IPv4: { 30: 0.8 }, IPv6: { 30: 0.1 }, MOBILE: { 30: 3.5 }, ISP: { 30: 1.6 } },
      orders: [
        order("11111", "IPv4", "+30d", [["1111111111111111111", "192.0.2.11", "DEU"]]),
        order("22222", "IPv4", "+60d", [
          ["2222222222222222221", "192.0.2.21", "FRA"],
          ["2222222222222222222", "192.0.2.22", "FRA"],
        ]),
        order("33333", "IPv6", "+30d", [["22222222222222222", "2001:db8::33", "NLD"]]),
        order("44444", "MOBILE", "+30d", [["4444444444444444444", "198.51.100.44", "GBR"]]),
        order("55555", "ISP", "+30d", [["5555555555555555555", "203.0.113.55", "USA"]]),
        order("66666", "IPv6", "+45d", [
          ["6666666666666666661", "2001:db8::61", "NLD"],
          ["6666666666666666662", "2001:db8::62", "NLD"],
        ]),
      ],
    },
  ],
};

type Addresses = readonly (readonly [ipAddressId: string, ip: string, country: string])[];

function order(orderId: string, proxyType: ProxyType, endsAt: string, addresses: Addresses) {
  const ipAddresses = addresses.map(([ipAddressId, ip, country]) => ({ ipAddressId, ip, country }));
  return { orderId, proxyType, endsAt, ipAddresses };
}
