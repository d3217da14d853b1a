import { z } from "zod/v3";
import { shells } from "../completion/shells.js";

/** The `result` of `completion`. */
export const completionScript = z.object({ shell: z.enum(shells), script: z.string() }).strict();
