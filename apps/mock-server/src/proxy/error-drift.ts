import { describeErrorCode, type Rule, specOf, unknownApiKeyCode } from "@auto-extend/core";
import type { Drift } from "../engine/log/request-log.js";
import type { Envelope } from "../engine/outcome.js";
import type { ServedOperation } from "../engine/route.js";
import { quoteShort } from "../lib/text.js";

/** How the error of a failure differs from what is known of the provider's errors; all of that is tolerated. */
export function errorDrift(operation: ServedOperation, { error, balance, currency }: Envelope): Drift[] {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code !== "number" || typeof message !== "string") return [];
  const remark = (path: string, says: string, statement?: string): Drift => ({
    direction: "answer",
    severity: "tolerated",
    path,
    message: says,
    ...(statement === undefined ? {} : { statement }),
  });
  const about = describeErrorCode(code);
  if (!about.known) return [remark("error.code", `is ${code}, which is in no public list`)];
  const rule = specOf(operation).rules.find((each: Rule) => each.code === unknownApiKeyCode);
  return [
    ...(about.concernsAutoExtend
      ? []
      : [remark("error.code", `is ${code}, which is not expected of this request`, about.id)]),
    ...(about.message.grade === "assumed" || about.message.text === message
      ? []
      : [
          remark(
            "error.message",
            `is ${quoteShort(message)} with code ${code}, known is ${quoteShort(about.message.text)}`,
            about.id,
          ),
        ]),
    ...(code === unknownApiKeyCode && (balance ?? currency ?? null) !== null
      ? [remark("balance", "must be null, as the currency, where the API key is unknown", rule?.id)]
      : []),
  ];
}
