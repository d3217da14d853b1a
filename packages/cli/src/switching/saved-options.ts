/** The options that a ledger keeps for `--resume`. */
import { z } from "zod/v3";
import { amountText } from "../app/format.js";
import { onOptions, type SwitchOptions } from "./options.js";

/** The options of a run that its resumes keep: not those that waive a check. */
export const savedOptions = z
  .object({
    maxPrice: z.number(),
    preview: z.boolean(),
    readBack: z.boolean(),
    chunkSize: z.number(),
    concurrency: z.number(),
    rate: z.number(),
  })
  .partial()
  .strip();

export type SavedOptions = z.infer<typeof savedOptions>;

export function typedOptions(options: SavedOptions): string[] {
  return Object.entries(savedOptions.parse(options)).flatMap(([name, value]) => {
    const [flag = ""] = onOptions[name as keyof SavedOptions].flags.split(" ");
    if (typeof value === "boolean") return value === flag.startsWith("--no-") ? [] : [flag];
    return [`${flag} ${name === "maxPrice" ? amountText(Number(value)) : value}`];
  });
}

export function resumedOptions(now: SwitchOptions, saved: SavedOptions): SwitchOptions {
  const given = Object.entries(now).filter(([, value]) => value !== undefined && value !== true);
  // A limit given now needs the prices.
  const preview = now.maxPrice !== undefined || saved.preview !== false;
  return { ...now, ...saved, preview, ...Object.fromEntries(given) };
}
