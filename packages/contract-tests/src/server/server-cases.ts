import { getBalance, getRentPeriods, listIpAddresses, setAutoExtend } from "@auto-extend/core";
import { getBalanceCases } from "./get-balance-cases.js";
import { getRentPeriodsCases } from "./get-rent-periods-cases.js";
import { listIpAddressesCases } from "./list-ip-addresses-cases.js";
import { priceExtensionCases } from "./price-extension-cases.js";
import type { ServerCase } from "./server-case.js";
import { setAutoExtendByIpAddressCases } from "./set-auto-extend-by-ip-address-cases.js";
import { harmlessRequest, setAutoExtendCases } from "./set-auto-extend-cases.js";
import { queryTransportCases, transportCases } from "./transport-cases.js";

/** Every case that a server is held to: the successes, the rules, the transport errors. */
export const serverCases: readonly ServerCase[] = [
  ...setAutoExtendCases,
  ...setAutoExtendByIpAddressCases,
  ...listIpAddressesCases,
  ...priceExtensionCases,
  ...getRentPeriodsCases,
  ...getBalanceCases,
  ...transportCases(setAutoExtend, harmlessRequest),
  ...[listIpAddresses, getRentPeriods, getBalance].flatMap(queryTransportCases),
];
