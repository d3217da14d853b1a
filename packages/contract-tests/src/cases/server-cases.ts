import { type OperationId, operations, setAutoExtend } from "@auto-extend/core";
import type { ServerCase } from "./case.js";
import { getBalanceCases } from "./operations/get-balance.js";
import { getRentPeriodsCases } from "./operations/get-rent-periods.js";
import { listIpAddressesCases } from "./operations/list-ip-addresses.js";
import { priceExtensionByIpAddressCases, priceExtensionCases } from "./operations/price-extension.js";
import {
  harmlessRequest,
  setAutoExtendByIpAddressCases,
  setAutoExtendCases,
  switchingRequests,
} from "./operations/set-auto-extend.js";
import { orderTransportCases, queryTransportCases, transportCases } from "./operations/transport.js";

const casesOf: Readonly<Record<OperationId, readonly ServerCase[]>> = {
  setAutoExtend: setAutoExtendCases,
  setAutoExtendByIpAddress: setAutoExtendByIpAddressCases,
  listIpAddresses: listIpAddressesCases,
  priceExtension: priceExtensionCases,
  priceExtensionByIpAddress: priceExtensionByIpAddressCases,
  getRentPeriods: getRentPeriodsCases,
  getBalance: getBalanceCases,
};

export const serverCases: readonly ServerCase[] = [
  ...Object.values(casesOf).flat(),
  ...transportCases(setAutoExtend, harmlessRequest),
  ...orderTransportCases(setAutoExtend, switchingRequests),
  ...operations.filter(({ method }) => method === "GET").flatMap(queryTransportCases),
];
