/** How a check of `doctor` ended. `warning`: it works, and something should be looked at. */
export type CheckState = "ok" | "warning" | "failed" | "skipped";

/** One thing that `doctor` looked at. */
export interface Check {
  readonly id: "server" | "tls" | "api-key" | "clock" | "drift" | "orders";
  readonly state: CheckState;
  /** What was found, for people. */
  readonly found: string;
  /** What to do about it; `null` where nothing needs to be done. */
  readonly whatToDo: string | null;
}
