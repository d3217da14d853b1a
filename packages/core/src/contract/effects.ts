/**
 * What a failed call may have done to the orders:
 *
 * - `none`: nothing was changed.
 * - `unknown`: it may have been applied, or may still be; read the state, or repeat the call: it sets a state, so that
 *   should do no harm (assumed).
 * - `reported-applied`: the provider reported success in a form that breaks the contract.
 */
export type Effect = (typeof effects)[number];

/** Every {@link Effect}. */
export const effects = ["none", "unknown", "reported-applied"] as const;

/** The kind of a failed call: the name of the error that its caller gets. */
export type ErrorName = (typeof errorNames)[number];

/** Every {@link ErrorName}. */
export const errorNames = [
  "RequestError",
  "ApiError",
  "HttpError",
  "NetworkError",
  "TimeoutError",
  "ContractError",
] as const;
