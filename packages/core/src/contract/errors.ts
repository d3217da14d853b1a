import type { Grade, Statement } from "./evidence.js";

/**
 * How a failed call may have affected the orders; the list of IP addresses shows their state.
 *
 * - `none`: nothing was changed.
 * - `unknown`: the change may have been made, or may still be made later. It can be repeated, since it sets a state (assumed).
 * - `reported-applied`: the provider reported success in a form that breaks the API contract.
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
 * that name some of the orders (or if `about` is `null`), or this call alone.
 */
export function refusalScope(
  about: ErrorSubject | null,
): "every-call" | "same-group" | "some-orders" | "this-call" {
  if (about === "key") return "every-call";
  if (about === "type" || about === "period") return "same-group";
  return about === "funds" || about === "unknown" ? "this-call" : "some-orders";
}

/** An error code: a known one, or another, whose `about` is `null`. */
export type ErrorCodeDescription =
  | ({ readonly known: true } & Explained)
  | ({ readonly known: false; readonly about: null } & Pick<Explained, "code" | "meaning" | "whatToDo">);

type Explained = Omit<ErrorCodeInfo, "message">;

/** Without the messages, so that the bundle of a client leaves those out: it has the provider's own. */
const explained: readonly Explained[] = [
  {
    code: 2,
    grade: "sibling",
    about: "key",
    meaning: "The API key is unknown or wrong.",
    whatToDo: "Copy the key again from your account.",
  },
  {
    code: 4,
    grade: "reference",
    about: "type",
    meaning: "The proxy type is not IPv4, IPv6, MOBILE or ISP.",
    whatToDo: "Use IPv4, IPv6, MOBILE or ISP, in this spelling.",
  },
  {
    code: 11,
    grade: "observed",
    about: "period",
    meaning: "The rental period is not valid for this proxy type.",
    whatToDo: "Use a rental period that is sold for this proxy type.",
  },
  {
    code: 16,
    grade: "sibling",
    about: "funds",
    meaning: "The balance does not cover the price.",
    whatToDo: "Top up the balance, or switch fewer orders.",
  },
  {
    code: 24,
    grade: "sibling",
    about: "addresses",
    meaning: "At least one IP address ID was refused.",
    whatToDo: "List your IP addresses again, and use those IDs.",
  },
  {
    code: 25,
    grade: "observed",
    about: "order",
    meaning: "The provider refused an order.",
    whatToDo: "Look the order up in your account: it may have ended or be locked.",
  },
  {
    code: 28,
    grade: "observed",
    about: "addresses",
    meaning: "The IP addresses of an IPv6 order must be switched together.",
    whatToDo: "Switch the whole order by its order ID.",
  },
  {
    code: 29,
    grade: "sibling",
    about: "order",
    meaning: "At least one order ID was refused.",
    whatToDo:
      "Check that each is an orderId (no orderNumber, such as NUMBER-1), of this account and of the proxy type of the call.",
  },
  {
    code: 35,
    grade: "observed",
    about: "unknown",
    meaning: "The provider does not say what went wrong.",
    whatToDo: "Check the request, or repeat the call later.",
  },
];

/** The provider's messages, as far as they are public. */
const messages: Readonly<Record<number, string>> = {
  2: "Error api key",
  4: "Incorrect proxy type",
  16: "Insufficient funds on balance",
  24: "Incorrect ip addresses",
  29: "Incorrect orderIds",
};

/** Our own messages for other codes. */
const assumedMessages: Readonly<Record<number, string>> = {
  11: "Incorrect rental period",
  25: "Order refused",
  28: "All IP addresses of an IPv6 order must be extended together",
  35: "Unknown error",
};

/** The codes of buying an order. The calls of this contract should not meet them, so they are described like unknown ones. */
const purchase = {
  grade: "sibling",
  about: "purchase",
  meaning: "An error of buying an order.",
  whatToDo: "Look it up in the provider's reference.",
} as const;

/** The known error codes, by number. The provider's own list is longer, and not public. */
export const errorCodes: readonly ErrorCodeInfo[] = /* @__PURE__ */ [3, 6, 7, 10, 14, 19, 23]
  .map((code): Explained => ({ code, ...purchase }))
  .concat(explained)
  .sort((a, b) => a.code - b.code)
  .map(withMessage);

function withMessage({ code, grade, ...words }: Explained): ErrorCodeInfo {
  const text = messages[code];
  const message = text
    ? { text, grade }
    : ({ text: assumedMessages[code] ?? `Error ${code}`, grade: "assumed" } as const);
  return { code, grade, message, ...words };
}

/** Describes an error code, known or not. */
export function describeErrorCode(code: number): ErrorCodeDescription {
  const entry = explained.find((each) => each.code === code);
  if (entry) return { known: true, ...entry };
  return {
    known: false,
    code,
    about: null,
    meaning: "The provider does not say what this code means.",
    whatToDo: "Ask the provider's support.",
  };
}

/** The entry of {@link errorCodes} for a code that must be known. It throws a RangeError if it is not. */
export function requireErrorCode(code: number): ErrorCodeInfo {
  const entry = errorCodes.find((each) => each.code === code);
  if (entry) return entry;
  throw new RangeError(`Error code ${code} is unknown: use describeErrorCode, which takes any code.`);
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
