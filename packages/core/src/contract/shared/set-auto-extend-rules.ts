import type { Statement } from "../evidence.js";
import type { Rule } from "../operation.js";
import { impossibleOrderId, impossibleProxyType } from "../reserved-values.js";
import {
  apiKeyRule,
  autoExtendRule,
  notPublic,
  orderIdsRule,
  proxyTypeRule,
  rentalPeriodRule,
} from "./rules.js";

/** What is claimed of the request beyond its rules. */
export const setAutoExtendStatements = [
  {
    id: "setAutoExtend/status",
    claim: "Success and error both come with HTTP 200 and JSON; only `success` tells them apart.",
    grade: "reference",
    source: "answers of the reference text",
  },
  {
    id: "setAutoExtend/success",
    claim:
      "A success has the documented fields, and echoes the proxy type and the rental period of the request.",
    grade: "reference",
    source: "success example of the reference text",
  },
  {
    id: "setAutoExtend/quantity",
    claim: "`quantity` counts IP addresses, and equals the number of those listed.",
    grade: "sibling",
    source: "reference pages of this request's older and newer versions",
  },
  {
    id: "setAutoExtend/failure",
    claim: "A failure has null, 0, 0 and an empty list for the data, and an error with code and message.",
    grade: "reference",
    source: "error example of the reference text",
  },
  {
    id: "setAutoExtend/off",
    claim: "Switching off takes the same fields as switching on, the rental period included.",
    grade: "reference",
    source: "field table of the reference text",
  },
  {
    id: "setAutoExtend/several-orders",
    claim: "One call switches several orders of one proxy type.",
    grade: "reference",
    source: "field table of the reference text",
  },
  {
    id: "setAutoExtend/repeat",
    claim: "The request sets a state, so sending it again changes nothing and succeeds.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/duplicates",
    claim: "An order id that is listed twice counts once.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/unknown-fields",
    claim: "Fields that the reference does not name are ignored.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/malformed-fields",
    claim: "A field that is missing, or is of the wrong JSON type, breaks the rule that looks at it.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/all-or-nothing",
    claim: "One order id that is refused refuses the whole call, and nothing is switched.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/orders-of-type",
    claim:
      "An order of another proxy type than that of the call is refused like an order that does not exist.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/rule-order",
    claim: "The rules are tried in the order listed here, and the first broken one decides the answer.",
    grade: "assumed",
    source: notPublic,
  },
] as const satisfies readonly Statement[];

const impossible = {
  proxyType: impossibleProxyType,
  orderIds: [impossibleOrderId],
  rentPeriodDays: 30,
  autoExtend: false,
};

/** The rules of the request in the order in which they are tried. */
export const setAutoExtendRules = [
  apiKeyRule("setAutoExtend", impossible),
  proxyTypeRule("setAutoExtend", impossible),
  orderIdsRule("setAutoExtend"),
  rentalPeriodRule("setAutoExtend"),
  autoExtendRule("setAutoExtend"),
] as const satisfies readonly Rule[];

/** The names of the rules of {@link setAutoExtendRules}. */
export type SetAutoExtendRuleName = (typeof setAutoExtendRules)[number]["name"];
