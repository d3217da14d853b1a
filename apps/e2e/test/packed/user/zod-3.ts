// A user's own schema, in the API of zod 3. It is the zod of the contract, whose schemas can be part of it.
import { type SetAutoExtendRequest, setAutoExtend } from "@auto-extend/core";
import { z } from "zod";

const form = z.object({
  autoExtend: z.enum(["on", "off"]).transform((text) => text === "on"),
  rentPeriodDays: z.number().int().min(1),
});
const filledIn = { rentPeriodDays: 30, autoExtend: "off" };
const request: SetAutoExtendRequest = { proxyType: "IPv4", orderIds: ["11111"], ...form.parse(filledIn) };
const requests = z.array(setAutoExtend.request);

export const result = {
  form: form.safeParse({ ...filledIn, rentPeriodDays: 0 }).error?.issues.map(({ path }) => path.join(".")),
  contract: requests.safeParse([request]).success,
};
