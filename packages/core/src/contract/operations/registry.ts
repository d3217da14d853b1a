import { getBalance } from "./get-balance.js";
import { getRentPeriods } from "./get-rent-periods.js";
import { listIpAddresses } from "./list-ip-addresses.js";
import { priceExtension } from "./price-extension.js";
import { setAutoExtend } from "./set-auto-extend.js";
import { setAutoExtendByIpAddress } from "./set-auto-extend-by-ip-address.js";

/** Every operation of the contract. */
export const operations = [
  setAutoExtend,
  setAutoExtendByIpAddress,
  listIpAddresses,
  priceExtension,
  getRentPeriods,
  getBalance,
] as const;

/** The id of an operation, which is also the name of the client's method. */
export type OperationId = (typeof operations)[number]["id"];
