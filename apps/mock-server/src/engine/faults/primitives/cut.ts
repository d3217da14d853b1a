import { z } from "zod/v3";
import { checked, givenOf } from "../check.js";
import { milliseconds } from "./milliseconds.js";

/** Cuts the answer. */
export const cut = checked(
  z
    .object({
      how: z
        .enum(["reset", "close", "hang", "truncate", "drip"])
        .describe(
          "`reset` (RST) and `close` (FIN) end the connection, `hang` leaves it open, `truncate` sends half of the body as if it were the whole, `drip` sends a few bytes at a time.",
        ),
      at: z
        .enum(["before", "middle", "after"])
        .optional()
        .describe(
          "When the answer is left off, for reset, close and hang; `before` where left out. A hang has no `after`.",
        ),
      bytes: z.number().int().min(1).optional().describe("How much drips at a time; 16 where left out."),
      everyMs: milliseconds.optional().describe("How long it takes from drop to drop; 20 ms where left out."),
    })
    .strict()
    .describe("Cuts the answer."),
  (value) => {
    const { how, at } = value;
    const wrong: [string, string][] = [];
    if (at !== undefined && (how === "truncate" || how === "drip")) {
      wrong.push(["at", `does nothing with ${how}: it is for reset, close and hang. Leave it out`]);
    }
    if (at === "after" && how === "hang") {
      wrong.push(["at", "must be before or middle: a whole answer leaves nothing to wait for"]);
    }
    if (how !== "drip") {
      for (const name of givenOf(value, ["bytes", "everyMs"])) {
        wrong.push([name, `does nothing with ${how}: it is for drip. Leave it out`]);
      }
    }
    return wrong;
  },
);
