/** The results of the commands, as `--json` prints them. The program loads them for `--json` alone. */
import { serverReport } from "@auto-extend/contract-tests";
import { errorSubjects, grades, proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";
import { check } from "../commands/doctor/check.js";
import { forecastResult } from "../forecast/types.js";
import { previewSchema } from "../orders/types.js";
import { switchResult } from "../switching/types.js";

const balance = z.strictObject({
  balance: z.number(),
  /** `null` if the server does not say. */
  currency: z.string().nullable(),
});

const completion = z.strictObject({ shell: z.enum(["bash", "zsh", "fish"]), script: z.string() });

const grade = z.enum(grades);

const errorCode = z.union([
  z.strictObject({
    known: z.literal(true),
    code: z.number(),
    grade,
    message: z.strictObject({ text: z.string(), grade }),
    meaning: z.string(),
    whatToDo: z.string(),
    about: z.enum(errorSubjects),
  }),
  z.strictObject({
    known: z.literal(false),
    code: z.number(),
    about: z.null(),
    meaning: z.string(),
    whatToDo: z.string(),
  }),
]);

export type ErrorDescription = z.infer<typeof errorCode>;

const orderRow = z.strictObject({
  orderId: z.string(),
  /** `null` if the server does not say. */
  proxyType: z.enum(proxyTypes).nullable(),
  addresses: z.number().int(),
  countries: z.array(z.string()),
  /** When the first of its IP addresses ends, in ISO 8601; `null` if it could not be read. */
  endsAt: z.string().nullable(),
  /** `mixed` if its IP addresses differ. */
  autoExtend: z.enum(["on", "off", "mixed", "unknown"]),
  rentPeriodDays: z.array(z.number().int()),
});

export type OrderRow = z.infer<typeof orderRow>;

const orders = z.strictObject({
  /** The start of `--ending-within`, in ISO 8601: the server's time, or `--now`. */
  now: z.string(),
  listed: z.number().int(),
  /** Whether these are all orders of the account. If not, a note says what is missing. */
  isComplete: z.boolean(),
  orders: z.array(orderRow),
});

const periods = z.strictObject({
  periods: z.array(
    z.strictObject({
      proxyType: z.enum(proxyTypes),
      /** In days; empty if none is sold. */
      rentPeriodDays: z.array(z.number()),
    }),
  ),
});

const price = previewSchema.extend({
  /** Orders that are not priced, by kind of reason; `reason` is that of the first of them. */
  leftOut: z.array(
    z.strictObject({
      reason: z.string(),
      whatToDo: z.string(),
      orders: z.number().int(),
      first: z.string(),
    }),
  ),
  discount: z.number().nullable(),
  promoCodeStatus: z.string().nullable(),
});

/** The schema of each command's result, by its name. */
export const results = {
  balance,
  completion,
  doctor: z.strictObject({ checks: z.array(check) }),
  errors: z.strictObject({ errors: z.array(errorCode) }),
  forecast: forecastResult,
  off: switchResult,
  on: switchResult,
  openapi: z.strictObject({ document: z.record(z.unknown()) }),
  orders,
  periods,
  price,
  undo: switchResult,
  verify: serverReport,
};

export type Results = typeof results;
