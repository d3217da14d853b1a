import { setAutoExtendByIpAddress } from "@auto-extend/core";
import { ofField } from "./field-checks.js";
import { ipAddressesCheck, partsOf, wholeOrdersCheck } from "./ip-address-checks.js";
import { rentalPeriodCheck } from "./rental-period-check.js";
import { servedBy } from "./served-by.js";
import { switchedTo, switchFailure, switchSuccess } from "./switch-answers.js";

/** Serves the request that switches auto-extend of single IP addresses. */
export const servedSetAutoExtendByIpAddress = servedBy(setAutoExtendByIpAddress, {
  checks: {
    "proxy-type": ofField("proxyType"),
    "ip-addresses": ipAddressesCheck,
    "whole-orders": wholeOrdersCheck,
    "rental-period": rentalPeriodCheck,
    "auto-extend": ofField("autoExtend"),
  },
  carriedOut: (asked) => switchedTo(asked, partsOf(asked), [...new Set(asked.request.ipAddressIds)]),
  success: switchSuccess,
  failure: switchFailure,
});
