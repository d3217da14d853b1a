import type { Effect } from "@auto-extend/core";
import { atOnce, clientCase, failure, html, json, success } from "./answers.js";
import type { ClientCase, GivenAnswer } from "./client-case.js";

const lastRefusal = { outcome: "error", error: "HttpError" } as const;

/** Answers of something that is not the API, or not itself: gateways, redirects, limits. */
export const httpCases: readonly ClientCase[] = [
  ...[301, 302, 303, 307, 308].map((status) =>
    httpError(`redirect-${status}`, `does not follow a redirect: ${status}`, {
      answer: { ...html(status), headers: { "content-type": "text/html", location: "/elsewhere" } },
      effect: "unknown",
      sent: 1,
    }),
  ),
  ...[400, 401, 403, 404, 405, 413, 415].map((status) =>
    httpError(`status-${status}`, `takes ${status} for a refusal that nothing was done with`, {
      answer: html(status),
      effect: "none",
      sent: 1,
    }),
  ),
  httpError("status-408", "does not take 408 for a promise that nothing was done", {
    answer: html(408),
    effect: "unknown",
  }),
  httpError("status-429", "takes 429 for a refusal that nothing was done with", {
    answer: html(429),
    effect: "none",
  }),
  ...[500, 502, 503, 504].map((status) =>
    httpError(`status-${status}`, `does not know what was done behind a ${status}`, {
      answer: html(status),
      effect: "unknown",
    }),
  ),
  httpError("problem-500", "does not take a problem document for a failure envelope", {
    answer: json(
      { type: "about:blank", title: "Internal Server Error", status: 500 },
      { status: 500, headers: { "content-type": "application/problem+json", ...atOnce } },
    ),
    effect: "unknown",
  }),
  httpError("success-under-500", "trusts no success under a status of failure", {
    answer: json(success, { status: 500, headers: { "content-type": "application/json", ...atOnce } }),
    effect: "unknown",
  }),
  ...[429, 500, 502, 503].map((status) =>
    clientCase(`http/${status}-then-success`, {
      title: `sends again after a ${status}`,
      script: [html(status), json(success)],
      expect: { outcome: "success", answer: success },
      sent: 2,
    }),
  ),
  clientCase("http/500-then-401", {
    title: "knows that a 500 may have been a success, though the next answer is a 401",
    script: [html(500), html(401)],
    expect: { ...lastRefusal, effect: "unknown", status: 401 },
    sent: 2,
  }),
  clientCase("http/429-then-refused", {
    title: "knows that a 429 did nothing, and neither did the refusal after it",
    script: [html(429), json(failure)],
    expect: { outcome: "error", error: "ApiError", effect: "none", ...failure.error },
    sent: 2,
  }),
];

interface HttpParts {
  readonly answer: GivenAnswer;
  readonly effect: Effect;
  readonly sent?: number;
}

function httpError(id: string, title: string, { answer, effect, ...rest }: HttpParts): ClientCase {
  return clientCase(`http/${id}`, {
    title,
    script: answer,
    expect: { ...lastRefusal, effect, status: answer.status ?? 200 },
    ...rest,
  });
}
