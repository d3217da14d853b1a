// A user's own schema, of another zod than the one the contract is written in.
import { type SetAutoExtendRequest, setAutoExtend } from "@auto-extend/core";
import { z } from "zod";

const form = z.object({
  proxyType: z.enum(["IPv4", "IPv6", "MOBILE", "ISP"]),
  orderIds: z.array(z.string()).min(1),
  rentPeriodDays: z.int().min(1),
  autoExtend: z.boolean(),
});
const request: SetAutoExtendRequest = form.parse({
  proxyType: "IPv4",
  orderIds: ["11111"],
  rentPeriodDays: 30,
  autoExtend: false,
});
const checked = await setAutoExtend.request["~standard"].validate(request);
console.log(checked.issues === undefined ? "valid" : checked.issues);
