import type { Grade, Statement } from "./evidence.js";

/**
 * How a failed call may have affected the orders; the list of IP addresses shows their state.
 *
 * - `none`: nothing was changed.
 * - `unknown`: the change may have been made, or may still be made later. It can be repeated, since it sets a state (assumed).
 * - `reported-applied`: the provider reported success in a form that breaks the contract.
 */
export type Effect = (typeof effects)[number];

/** All effects, in the order of {@link Effect}. */
export const effects = ["none", "unknown", "reported-applied"] as const;

/** The kind of a failed call: the name of the error that its caller gets. */
export type ErrorName = (typeof errorNames)[number];

/** The names of all errors of a client. */
export const errorNames = [
  "RequestError",
  "ApiError",
  "HttpError",
  "NetworkError",
  "TimeoutError",
  "ContractError",
] as const;

/** One of the provider's error codes: its message, its meaning, what to do about it, and how sure we are. */
export interface ErrorCodeInfo {
  readonly code: number;
  readonly grade: Grade;
  /** The provider's message if it is public, else one of ours, graded `assumed`. */
  readonly message: { readonly text: string; readonly grade: Grade };
  readonly meaning: string;
  readonly whatToDo: string;
  readonly about: ErrorSubject;
}

/**
 * The part of a call that an error code blames: one value that every such call has (`key`, `type`, `period`), some of the IDs
 * (`order`, `addresses`), the balance (`funds`), nothing that the provider could name (`unknown`), or buying (`purchase`).
 */
export type ErrorSubject = (typeof errorSubjects)[number];

export const errorSubjects = [
  "key",
  "type",
  "period",
  "order",
  "addresses",
  "funds",
  "unknown",
  "purchase",
] as const;

/**
 * The calls that a refusal with this subject applies to: all with this API key, all with this proxy type and rental period, all
 * that name some of the orders (also if its subject is not known), or this call alone.
 */
export function refusalScope(
  about: ErrorSubject | null,
): "every-call" | "same-group" | "some-orders" | "this-call" {
  if (about === "key") return "every-call";
  if (about === "type" || about === "period") return "same-group";
  return about === "funds" || about === "unknown" ? "this-call" : "some-orders";
}

/** An error code: a known one, or another, whose subject is unknown. */
export type ErrorCodeDescription =
  | ({ readonly known: true } & ErrorCodeInfo)
  | ({ readonly known: false; readonly about: null } & Pick<ErrorCodeInfo, "code" | "meaning" | "whatToDo">);

/** The known error codes, by number. The provider's own list is longer, and not public. */
export const errorCodes: readonly ErrorCodeInfo[] = [
  row(2, "sibling", "Error api key", {
    about: "key",
    meaning: "The API key is unknown or wrong.",
    whatToDo: "Copy the key again from your account, without spaces around it.",
  }),
  row(4, "reference", "Incorrect proxy type", {
    about: "type",
    meaning: "The proxy type is not one of IPv4, IPv6, MOBILE and ISP.",
    whatToDo: "Send one of the four, in exactly this spelling.",
  }),
  row(11, "observed", null, {
    about: "period",
    ours: "Incorrect rental period",
    meaning: "The rental period is not valid for this proxy type.",
    whatToDo: "Use one of the rental periods that the provider sells for this proxy type.",
  }),
  row(16, "sibling", "Insufficient funds on balance", {
    about: "funds",
    meaning: "The balance does not cover the price.",
    whatToDo: "Top up the balance, or switch fewer orders.",
  }),
  row(24, "sibling", "Incorrect ip addresses", {
    about: "addresses",
    meaning: "At least one IP address ID was refused.",
    whatToDo: "List your IP addresses again and use the IDs found there.",
  }),
  row(25, "observed", null, {
    about: "order",
    ours: "Order refused",
    meaning: "The provider refused an order.",
    whatToDo: "Look the order up in your account: it may have ended or be locked.",
  }),
  row(28, "observed", null, {
    about: "addresses",
    ours: "All IP addresses of an IPv6 order must be extended together",
    meaning: "The IP addresses of an IPv6 order must be switched together, and some were missing.",
    whatToDo: "Switch the whole order by its order ID.",
  }),
  row(29, "sibling", "Incorrect orderIds", {
    about: "order",
    meaning: "At least one order ID was refused.",
    whatToDo:
      "Check that each is an orderId (not an orderNumber, which starts with NUMBER-), belongs to this account and has the proxy type of the call.",
  }),
  row(35, "observed", null, {
    about: "unknown",
    ours: "Unknown error",
    meaning: "The provider could not say what went wrong.",
    whatToDo: "Check every field of the request; if all are right, repeat the call later.",
  }),
  ...[3, 6, 7, 10, 14, 19, 23].map((code) =>
    row(code, "sibling", null, {
      about: "purchase",
      meaning: "An error of buying an order.",
      whatToDo: "Look it up in the provider's reference.",
    }),
  ),
].sort((a, b) => a.code - b.code);

const byCode = new Map(errorCodes.map((entry) => [entry.code, entry]));

/** Describes an error code, known or not. */
export function describeErrorCode(code: number): ErrorCodeDescription {
  const entry = byCode.get(code);
  if (entry) return { known: true, ...entry };
  return {
    known: false,
    code,
    about: null,
    meaning: "The provider does not publish what this code means.",
    whatToDo: "Ask the provider's support, unless the message helps.",
  };
}

/** The entry of {@link errorCodes} for a code that must be known. It throws a RangeError if it is not. */
export function requireErrorCode(code: number): ErrorCodeInfo {
  const entry = byCode.get(code);
  if (entry) return entry;
  throw new RangeError(`Error code ${code} is not a known one: use describeErrorCode, which takes any code.`);
}

export function errorCodeStatement({ code, grade, meaning }: ErrorCodeInfo): Statement {
  const claim = `Error code ${code} means: ${meaning}`;
  return { id: `error-code/${code}`, claim, grade, source: sources[grade] };
}

const sources: Readonly<Record<Grade, string>> = {
  reference: "error example of the endpoint's reference text",
  sibling: "reference page of a sibling request",
  observed: "code that calls the API",
  assumed: "no public page",
};

/** `ours` is the message where the provider's is not public. */
function row(
  code: number,
  grade: Grade,
  message: string | null,
  { ours = `Error ${code}`, ...words }: Omit<ErrorCodeInfo, "code" | "grade" | "message"> & { ours?: string },
): ErrorCodeInfo {
  return {
    code,
    grade,
    message: { text: message ?? ours, grade: message === null ? "assumed" : grade },
    ...words,
  };
}
