import { setAutoExtend } from "@auto-extend/core";
import { ofField } from "./field-checks.js";
import { orderIdsCheck, ordersOf, runningIn } from "./order-checks.js";
import { rentalPeriodCheck } from "./rental-period-check.js";
import { servedBy } from "./served-by.js";
import { switchedTo, switchFailure, switchSuccess } from "./switch-answers.js";

/** Serves the request that switches auto-extend of whole orders. */
export const servedSetAutoExtend = servedBy(setAutoExtend, {
  checks: {
    "proxy-type": ofField("proxyType"),
    "order-ids": orderIdsCheck,
    "rental-period": rentalPeriodCheck,
    "auto-extend": ofField("autoExtend"),
  },
  carriedOut(asked) {
    const orders = ordersOf(asked);
    const ipAddressIds = orders.flatMap((order) => runningIn(order, asked.now));
    return switchedTo(
      asked,
      orders.map((order) => ({ order })),
      ipAddressIds,
    );
  },
  success: switchSuccess,
  failure: switchFailure,
});
