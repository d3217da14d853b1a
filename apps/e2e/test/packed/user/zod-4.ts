// A user's own schema, in the API of zod 4.
import { type SetAutoExtendRequest, setAutoExtend } from "@auto-extend/core";
import { z } from "zod";

const form = z.object({
  proxyType: z.enum(["IPv4", "IPv6", "MOBILE", "ISP"]),
  orderIds: z.array(z.string()).min(1),
  rentPeriodDays: z.int().min(1),
  autoExtend: z.stringbool(),
});
const filledIn = { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: "off" };
const request: SetAutoExtendRequest = form.parse(filledIn);

export const result = {
  form: form.safeParse({ ...filledIn, rentPeriodDays: 0 }).error?.issues.map(({ path }) => path.join(".")),
  contract: setAutoExtend.request.safeParse(request).success,
};
