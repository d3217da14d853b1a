import { servedGetBalance } from "./operations/get-balance.js";
import { servedGetRentPeriods } from "./operations/get-rent-periods.js";
import { servedListIpAddresses } from "./operations/list-ip-addresses.js";
import { servedPriceExtension, servedPriceExtensionByIpAddress } from "./operations/price-extension.js";
import { servedSetAutoExtend } from "./operations/set-auto-extend.js";
import { servedSetAutoExtendByIpAddress } from "./operations/set-auto-extend-by-ip-address.js";
import type { ServedBy } from "./outcome.js";
import type { ServedOperation } from "./route.js";

/** How each operation is served. */
export const served: Record<ServedOperation["id"], ServedBy> = {
  setAutoExtend: servedSetAutoExtend,
  setAutoExtendByIpAddress: servedSetAutoExtendByIpAddress,
  listIpAddresses: servedListIpAddresses,
  priceExtension: servedPriceExtension,
  priceExtensionByIpAddress: servedPriceExtensionByIpAddress,
  getRentPeriods: servedGetRentPeriods,
  getBalance: servedGetBalance,
};
