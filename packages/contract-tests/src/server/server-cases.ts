import { type OperationId, operations, setAutoExtend } from "@auto-extend/core";
import { getBalanceCases } from "./get-balance-cases.js";
import { getRentPeriodsCases } from "./get-rent-periods-cases.js";
import { listIpAddressesCases } from "./list-ip-addresses-cases.js";
import { priceExtensionByIpAddressCases, priceExtensionCases } from "./price-extension-cases.js";
import type { ServerCase } from "./server-case.js";
import { setAutoExtendByIpAddressCases } from "./set-auto-extend-by-ip-address-cases.js";
import { harmlessRequest, setAutoExtendCases } from "./set-auto-extend-cases.js";
import { queryTransportCases, transportCases } from "./transport-cases.js";

/** The cases of each operation. */
const casesOf: Readonly<Record<OperationId, readonly ServerCase[]>> = {
  setAutoExtend: setAutoExtendCases,
  setAutoExtendByIpAddress: setAutoExtendByIpAddressCases,
  listIpAddresses: listIpAddressesCases,
  priceExtension: priceExtensionCases,
  priceExtensionByIpAddress: priceExtensionByIpAddressCases,
  getRentPeriods: getRentPeriodsCases,
  getBalance: getBalanceCases,
};

/** Every case that a server is held to: the successes, the rules, the transport errors. */
export const serverCases: readonly ServerCase[] = [
  ...Object.values(casesOf).flat(),
  ...transportCases(setAutoExtend, harmlessRequest),
  ...operations.filter(({ method }) => method === "GET").flatMap(queryTransportCases),
];
