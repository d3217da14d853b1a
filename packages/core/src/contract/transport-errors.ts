import * as z from "zod/v3";
import { documented } from "./documented.js";
import type { Statement } from "./evidence.js";

/** What answers a request that never reaches the provider's rules, in the form of RFC 9457 (assumed). */
export type Problem = z.infer<typeof problem>;

/** The schema of {@link Problem}. */
export const problem = documented(
  z
    .object({
      type: documented(z.string(), {
        description: "Always `about:blank`: the status says what kind of problem it is.",
      }),
      title: documented(z.string(), { description: "The status in words." }),
      status: documented(z.number().int(), { description: "The HTTP status." }),
      detail: documented(z.string(), {
        description: "What was wrong with this request, and what to do about it.",
      }),
    })
    .strict(),
  {
    title: "Problem",
    description: "A request that never reached the provider's rules (RFC 9457).",
    example: {
      type: "about:blank",
      title: "Bad Request",
      status: 400,
      detail: "The body is not valid JSON. Send one JSON object.",
    },
  },
);

/** The media type of a {@link Problem}. */
export const problemMediaType = "application/problem+json";

/** How large the body of a request may be, in bytes: 2 MiB. Nothing public says how much the provider takes (assumed). */
export const requestBodyLimit = 2 * 1024 * 1024;

/** One way in which a request fails before the provider's rules are asked. */
export interface TransportError extends Statement {
  readonly status: number;
  readonly title: string;
  /** What was wrong and what to do, for people. */
  readonly detail: string;
}

/** All ways in which a request fails before the provider's rules are asked. How the provider answers them is not public. */
export const transportErrors = {
  malformedJson: row(
    "malformed-json",
    400,
    "Bad Request",
    "The body is not valid JSON in UTF-8. Send one JSON object.",
  ),
  notFound: row("not-found", 404, "Not Found", "There is no such path. Compare it with the reference."),
  methodNotAllowed: row(
    "method-not-allowed",
    405,
    "Method Not Allowed",
    "This path takes another method: see the Allow header.",
  ),
  tooLarge: row(
    "too-large",
    413,
    "Content Too Large",
    "The body is larger than this server takes. Send fewer order ids in one request.",
  ),
  unsupportedMediaType: row(
    "unsupported-media-type",
    415,
    "Unsupported Media Type",
    "The body must come as Content-Type: application/json, in UTF-8 and uncompressed.",
  ),
} as const satisfies Record<string, TransportError>;

function row(name: string, status: number, title: string, detail: string): TransportError {
  return {
    id: `transport/${name}`,
    claim: `A request that fails with "${title}" gets HTTP ${status} and a problem document.`,
    grade: "assumed",
    source: "no public page; common HTTP practice",
    status,
    title,
    detail,
  };
}
