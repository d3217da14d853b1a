/** How a check of `doctor` ended. `warning`: it works, but needs attention. */
export type CheckState = "ok" | "warning" | "failed" | "skipped";

/** One thing that `doctor` checked. */
export interface Check {
  readonly id: "server" | "tls" | "api-key" | "clock" | "drift" | "orders";
  readonly state: CheckState;
  /** The finding, for people. */
  readonly found: string;
  /** The next step; `null` if nothing needs to be done. */
  readonly whatToDo: string | null;
}
