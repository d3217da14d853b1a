import { setAutoExtend } from "@auto-extend/core";
import { z } from "zod";

/** The `result` of `on` and `off`. */
export const switched = z.union([
  z
    .object({
      dryRun: z.literal(false),
      request: setAutoExtend.request,
      answer: setAutoExtend.accepts.success,
    })
    .strict(),
  z.object({ dryRun: z.literal(true), request: setAutoExtend.request, curl: z.string() }).strict(),
]);
