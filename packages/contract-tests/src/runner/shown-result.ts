import {
  type Operation,
  type Redactor,
  withoutCredentials,
  withoutCredentialsInText,
} from "@auto-extend/core";
import type { CaseProblem, Exchange } from "../report/report.js";

/** The longest text in a report, in characters. */
const longestText = 2_000;

/** What must not be shown of an exchange: the API key, and the credentials in the answers of some operations. */
export interface Secrecy {
  readonly redactor: Redactor;
  readonly operation: Operation;
}

// Ids and titles are the contract's own words: an API key that is one of them must not garble the report.
/** A problem as a report shows it. */
export function shownProblem(problem: CaseProblem, secrecy: Secrecy): CaseProblem {
  const { expected, came } = problem;
  return { ...problem, expected: shownText(expected, secrecy), came: shownText(came, secrecy) };
}

/** An exchange as a report shows it. */
export function shownExchange({ sent, wanted, came }: Exchange, secrecy: Secrecy): Exchange {
  const { redactor } = secrecy;
  return {
    sent: { ...redactor.value(sent), body: sent.body === null ? null : shownText(sent.body, secrecy) },
    wanted: redactor.text(wanted),
    came:
      "failure" in came
        ? redactor.value(came)
        : { ...shownHeaders(came, secrecy), body: shownText(came.body, secrecy) },
  };
}

function shownHeaders<Head extends { readonly headers: Readonly<Record<string, string>> }>(
  head: Head,
  { redactor, operation }: Secrecy,
): Head {
  const headers = operation.hasCredentials ? withoutCredentials(head.headers) : head.headers;
  return redactor.value({ ...head, headers });
}

/** Redacts before it shortens, so that no part of a secret is left at the end. */
function shownText(text: string, { redactor, operation }: Secrecy): string {
  return shortened(redactor.text(operation.hasCredentials ? withoutAnyCredentials(text) : text));
}

/** In JSON a credential is found by the name of its field, however it is nested; in any other text, by what stands before it. */
function withoutAnyCredentials(text: string): string {
  try {
    return JSON.stringify(withoutCredentials(JSON.parse(text)));
  } catch {
    return withoutCredentialsInText(text);
  }
}

function shortened(text: string): string {
  return text.length > longestText
    ? `${text.slice(0, longestText)}... (${text.length} characters in all)`
    : text;
}
