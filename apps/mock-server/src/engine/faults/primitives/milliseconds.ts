import { z } from "zod";

/** How long something takes, in milliseconds: ten minutes at most. */
export const milliseconds = z.number().min(0).max(600_000);
