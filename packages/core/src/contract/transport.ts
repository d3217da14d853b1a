import * as z from "zod/v3";
import { type DocsEntry, objectDocs } from "./docs.js";
import type { Statement } from "./evidence.js";

// The parts of requests and answers that are the same for all operations, below the provider's rules.

/** The parameters in the path of every operation (reference). The API key is a secret, so it has no example. */
export const pathParameters = z.object({ apiKey: z.string().min(1) });

/** How large the body of a request may be, in bytes: 2 MiB. Nothing public says how much the provider takes (assumed). */
export const requestBodyLimit = 2 * 1024 * 1024;

/** The answer to a request that fails before the provider's rules are checked, in the form of RFC 9457 (assumed). */
export type Problem = z.infer<typeof problem>;

/** The schema of {@link Problem}. */
export const problem = z
  .object({ type: z.string(), title: z.string(), status: z.number().int(), detail: z.string() })
  .strict();

/** The media type of a {@link Problem}. */
export const problemMediaType = "application/problem+json";

/** One way in which a request fails before the provider's rules are checked. */
export interface TransportError extends Statement {
  readonly status: number;
  readonly title: string;
  /** The problem and the next step, for people. */
  readonly detail: string;
}

/** All ways in which a request fails before the provider's rules are checked. How the provider answers them is not public. */
export const transportErrors = {
  malformedJson: row("malformed-json", 400, {
    when: "A body that is not valid JSON in UTF-8",
    title: "Bad Request",
    detail: "The body is not valid JSON in UTF-8. Send one JSON object.",
  }),
  notFound: row("not-found", 404, {
    when: "A path that does not exist",
    title: "Not Found",
    detail: "This path does not exist. Compare it with the API reference.",
  }),
  methodNotAllowed: row("method-not-allowed", 405, {
    when: "A method that the path does not support",
    title: "Method Not Allowed",
    detail: "This path does not support this method. Use the one in the Allow header.",
  }),
  tooLarge: row("too-large", 413, {
    when: `A body of more than ${requestBodyLimit / 1024 ** 2} MiB`,
    title: "Content Too Large",
    detail: "The body is larger than this server accepts. Send fewer order IDs in one request.",
  }),
  unsupportedMediaType: row("unsupported-media-type", 415, {
    when: "A body with a media type other than JSON, a charset other than UTF-8, or compression",
    title: "Unsupported Media Type",
    detail: "The body must be sent as Content-Type: application/json, in UTF-8 and uncompressed.",
  }),
} as const satisfies Record<string, TransportError>;

function row(
  name: string,
  status: number,
  { when, ...texts }: { when: string; title: string; detail: string },
): TransportError {
  return {
    id: `transport/${name}`,
    claim: `${when} gets HTTP ${status} and a problem document.`,
    grade: "assumed",
    source: "no public page; common HTTP practice",
    status,
    ...texts,
  };
}

export function transportDocs(): DocsEntry[] {
  return [
    [
      pathParameters.shape.apiKey,
      {
        description: "Your personal API key. It is a secret and a part of the URL, so keep URLs out of logs.",
      },
    ],
    ...objectDocs([problem], {
      title: "Problem",
      description: "The answer to a request that fails before the provider's rules are checked (RFC 9457).",
      example: {
        type: "about:blank",
        title: "Bad Request",
        status: 400,
        detail: transportErrors.malformedJson.detail,
      },
      fields: {
        type: "Always `about:blank`: the status says what kind of problem it is.",
        title: "The status in words.",
        status: "The HTTP status.",
        detail: "What was wrong with this request, and what to do about it.",
      },
    }),
  ];
}
