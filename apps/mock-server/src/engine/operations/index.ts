import type { ServedBy } from "../outcome.js";
import type { ServedOperation } from "../route.js";
import { servedGetBalance } from "./get-balance.js";
import { servedGetRentPeriods } from "./get-rent-periods.js";
import { servedListIpAddresses } from "./list-ip-addresses.js";
import { servedPriceExtension, servedPriceExtensionByIpAddress } from "./price-extension.js";
import { servedSetAutoExtend, servedSetAutoExtendByIpAddress } from "./switch-auto-extend.js";

/** How each operation is served. */
export const handlers: Record<ServedOperation["id"], ServedBy> = {
  setAutoExtend: servedSetAutoExtend,
  setAutoExtendByIpAddress: servedSetAutoExtendByIpAddress,
  listIpAddresses: servedListIpAddresses,
  priceExtension: servedPriceExtension,
  priceExtensionByIpAddress: servedPriceExtensionByIpAddress,
  getRentPeriods: servedGetRentPeriods,
  getBalance: servedGetBalance,
};
