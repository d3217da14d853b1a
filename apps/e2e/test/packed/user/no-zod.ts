// A user who has no zod, and checks with the contract's schemas.
import { setAutoExtend } from "@auto-extend/core";

const request = { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 0, autoExtend: false };

export const result = {
  form: setAutoExtend.request.safeParse(request).error?.issues.map(({ path }) => path.join(".")),
  contract: setAutoExtend.request.safeParse({ ...request, rentPeriodDays: 30 }).success,
};
