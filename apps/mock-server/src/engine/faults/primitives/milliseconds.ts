import { z } from "zod/v3";

/** How long something takes, in milliseconds: ten minutes at most. */
export const milliseconds = z.number().min(0).max(600_000);
