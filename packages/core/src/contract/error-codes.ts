import type { Evidence, Grade, Statement } from "./evidence.js";

/** What is known of one of the provider's error codes. */
export interface ErrorCodeInfo extends Statement {
  /** The number in `error.code`. */
  readonly code: number;
  /** The provider's message where it is public, else one of ours; `message.grade` tells which. */
  readonly message: Evidence & { readonly text: string };
  /** What the code means, for people. */
  readonly meaning: string;
  /** What to do about it, for people. */
  readonly whatToDo: string;
  /** Whether the code concerns this toolkit's requests; the others belong to buying an order. */
  readonly concernsAutoExtend: boolean;
}

/** An error code that no public page mentions: as welcome as the known ones, only with less to say about it. */
export type ErrorCodeDescription = ({ readonly known: true } & ErrorCodeInfo) | UnknownErrorCode;

/** What can be said of an error code that is not in the catalogue. */
export interface UnknownErrorCode {
  readonly known: false;
  readonly code: number;
  readonly meaning: string;
  readonly whatToDo: string;
}

const sources: Record<Grade, string> = {
  reference: "error example of the endpoint's reference text",
  sibling: "reference page of a sibling request",
  observed: "code that calls the API",
  assumed: "no public page: the wording is ours",
};

/** The provider's error codes that are known, by number; its own list is longer and not public. */
export const errorCodes: readonly ErrorCodeInfo[] = [
  row(2, "sibling", "Error api key", {
    meaning: "The API key is unknown or wrong.",
    whatToDo: "Copy the key again from your account's API page, without spaces around it.",
  }),
  row(4, "reference", "Incorrect proxy type", {
    meaning: "The proxy type is none of IPv4, IPv6, MOBILE and ISP.",
    whatToDo: "Send one of the four, spelled exactly so.",
  }),
  row(11, "observed", null, {
    ours: "Incorrect rental period",
    meaning: "The rental period is not valid for this proxy type.",
    whatToDo: "Use a number of days that the provider sells for the type.",
  }),
  row(16, "sibling", "Insufficient funds on balance", {
    meaning: "The balance does not cover the price.",
    whatToDo: "Top up the balance, or switch fewer orders.",
  }),
  row(24, "sibling", "Incorrect ip addresses", {
    meaning: "The IP address ids were refused.",
    whatToDo: "List your IP addresses again and use the ids found there.",
  }),
  row(25, "observed", null, {
    ours: "Order refused",
    meaning: "The provider refused an order.",
    whatToDo: "Look the order up in your account: it may have ended or be locked.",
  }),
  row(28, "observed", null, {
    ours: "All IP addresses of an IPv6 order must be extended together",
    meaning: "The IP addresses of an IPv6 order go together, and some were missing.",
    whatToDo: "Switch the whole order by its order id.",
  }),
  row(29, "sibling", "Incorrect orderIds", {
    meaning: "At least one order id was refused.",
    whatToDo:
      "Check that every id is an orderId (not an orderNumber, which starts with NUMBER-), belongs to this account and has the proxy type of the call.",
  }),
  row(35, "observed", null, {
    ours: "Unknown error",
    meaning: "The provider could not say what went wrong.",
    whatToDo: "Check every field of the request; if all are right, repeat the call later.",
  }),
  ...[3, 6, 7, 10, 14, 19, 23].map((code) =>
    row(code, "sibling", null, {
      ours: `Error ${code}`,
      meaning: "This code belongs to buying an order; it is not expected of switching auto-extend.",
      whatToDo: "Look it up in the provider's reference of the request that buys an order.",
      concernsAutoExtend: false,
    }),
  ),
].sort((a, b) => a.code - b.code);

const byCode = new Map(errorCodes.map((entry) => [entry.code, entry]));

/** What is known of an error code; an unknown code gets an honest description of its own. */
export function describeErrorCode(code: number): ErrorCodeDescription {
  const entry = byCode.get(code);
  if (entry) return { known: true, ...entry };
  return {
    known: false,
    code,
    meaning: "This code is in no public list of the provider's.",
    whatToDo: "Go by the provider's message, and ask its support what the code means.",
  };
}

/** The catalogue's entry for a code that is known to be in it; a code that is not is a mistake of the caller. */
export function requireErrorCode(code: number): ErrorCodeInfo {
  const entry = byCode.get(code);
  if (!entry) throw new RangeError(`Error code ${code} is not in the catalogue`);
  return entry;
}

interface Words {
  meaning: string;
  whatToDo: string;
  ours?: string;
  concernsAutoExtend?: boolean;
}

function row(code: number, grade: Grade, message: string | null, words: Words): ErrorCodeInfo {
  const messageGrade = message === null ? "assumed" : grade;
  return {
    id: `error-code/${code}`,
    claim: `Error code ${code} means: ${words.meaning}`,
    code,
    grade,
    source: sources[grade],
    message: {
      text: message ?? words.ours ?? `Error ${code}`,
      grade: messageGrade,
      source: sources[messageGrade],
    },
    meaning: words.meaning,
    whatToDo: words.whatToDo,
    concernsAutoExtend: words.concernsAutoExtend ?? true,
  };
}
