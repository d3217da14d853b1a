import { fillPath, type Operation, withoutCredentials } from "@auto-extend/core";
import { parse } from "content-type";
import type { SentRequest } from "./carrier.js";
import type { ClientCase } from "./client-case.js";
import type { ClientProblem, Outcome } from "./client-report.js";
import { proxyCredentials } from "./ip-address-list-cases.js";

/** The API key of all cases: long enough to be found wherever it should not be. */
export const caseApiKey = "client-case-api-key-7d1c";

/** What was wrong with what the caller learned. */
export function outcomeProblems(
  { expect }: ClientCase,
  operation: Operation,
  came: Outcome,
): ClientProblem[] {
  // Whether a caller is handed the credentials in an answer is the client's own affair.
  const comparable = (value: unknown) =>
    canonical(operation.hasCredentials ? withoutCredentials(value) : value);
  const fields: Readonly<Record<string, unknown>> = { ...came };
  const differing = Object.entries(expect).filter(
    ([field, value]) => comparable(fields[field]) !== comparable(value),
  );
  return [
    ...differing.map(([field, value]) => ({ at: field, expected: show(value), came: show(fields[field]) })),
    ...leaks(operation, came),
  ];
}

/** Secrets that a person would see: the API key anywhere, credentials anywhere but in an answer handed to its caller. */
function leaks({ hasCredentials }: Operation, came: Outcome): ClientProblem[] {
  const shown = JSON.stringify("answer" in came ? { ...came, answer: null } : came);
  const hasLeaked = hasCredentials && proxyCredentials.some((secret) => shown.includes(secret));
  return [
    ...(JSON.stringify(came).includes(caseApiKey)
      ? [{ at: "outcome", expected: "no API key", came: "the API key" }]
      : []),
    ...(hasLeaked ? [{ at: "outcome", expected: "no credentials", came: "credentials of a proxy" }] : []),
  ];
}

/** What was wrong with what was sent. */
export function sentProblems(
  clientCase: ClientCase,
  operation: Operation,
  sent: readonly SentRequest[],
): ClientProblem[] {
  const wanted = clientCase.sent;
  return [
    ...(wanted === undefined || sent.length === wanted
      ? []
      : [{ at: "sent", expected: `${wanted} requests`, came: `${sent.length} requests` }]),
    ...sent.flatMap((request, index) =>
      requestProblems(clientCase, operation, request).map((problem) => ({
        ...problem,
        at: `sent[${index}].${problem.at}`,
      })),
    ),
  ];
}

function requestProblems(
  { request }: ClientCase,
  operation: Operation,
  { method, path, headers, body }: SentRequest,
): ClientProblem[] {
  const [pathname = "", query = ""] = path.split("?");
  const type = headers["content-type"] ?? "nothing";
  const what =
    operation.method === "GET"
      ? [
          { at: "query", expected: canonical(request), came: canonical(fieldsOf(query)) },
          { at: "body", expected: "", came: body },
        ]
      : [
          { at: "query", expected: "", came: query },
          {
            at: "content-type",
            expected: "application/json",
            came: parse(type, { parameters: false }).type,
          },
          { at: "body", expected: canonical(request), came: canonicalText(body) },
        ];
  return [
    { at: "method", expected: operation.method, came: method },
    { at: "path", expected: fillPath(operation.path, { apiKey: caseApiKey }), came: pathname },
    ...what,
  ].filter(({ expected, came }) => expected !== came);
}

function fieldsOf(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

function canonicalText(text: string): string {
  try {
    return canonical(JSON.parse(text));
  } catch {
    return text;
  }
}

/** JSON in which the order of an object's fields makes no difference. */
function canonical(value: unknown): string {
  return show(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function show(value: unknown, replacer?: (name: string, part: unknown) => unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value, replacer);
}
