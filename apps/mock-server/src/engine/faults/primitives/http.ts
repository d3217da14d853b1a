import { z } from "zod/v3";
import { isBodiless } from "../../bodiless.js";
import { checked, given } from "../check.js";

/** Set by whoever sends the answer: another value would break it, or be there twice. */
const carriersOwn = ["content-length", "transfer-encoding", "connection", "trailer"];
const isMocksOwn = (name: string) => name.startsWith("mock-") || name === "preference-applied";
const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9a-z-]+$/, "must be the name of a header in lower case")
  .refine((name) => !carriersOwn.includes(name), "can't be set: it is what the answer is sent by")
  .refine((name) => !isMocksOwn(name), "can't be set: it is what the mock says of itself");
const headerValue = z.string().regex(/^[\t\x20-\x7e]*$/, "must be plain ASCII on one line");

/** Answers with another HTTP status or body. */
export const http = checked(
  z
    .object({
      status: z.number().int().min(200).max(599).optional().describe("The HTTP status; 200 where left out."),
      headers: z.record(headerName, headerValue).optional().describe("Headers to set, by lower-case name."),
      body: z.string().optional().describe("The text to send in place of the answer's."),
      retryAfter: z.number().int().min(0).optional().describe("What `Retry-After` says, in seconds."),
      retryAfterDate: z.boolean().optional().describe("Whether `Retry-After` says it as a date."),
      gzip: z.enum(["whole", "broken"]).optional().describe("Compressed unasked, or only said to be."),
    })
    .strict()
    .describe("Answers with another HTTP status or body."),
  (value) => {
    const { status = 200, headers, body, retryAfter, retryAfterDate, gzip } = value;
    if (given(value).length === 0) {
      return [["", "must have something that is another: give status, headers, body, retryAfter or gzip"]];
    }
    const wrong: [string, string][] = [];
    if (headers && Object.keys(headers).length === 0) {
      wrong.push(["headers", "is empty, and would do nothing: name a header, or leave it out"]);
    }
    if (retryAfterDate !== undefined && retryAfter === undefined) {
      wrong.push(["retryAfterDate", "does nothing without retryAfter: give the seconds until that date"]);
    }
    if (isBodiless(status) && (body || gzip)) {
      const none = `can't be sent: an answer with status ${status} has no body. Leave it out, or take another status`;
      wrong.push([body ? "body" : "gzip", none]);
    }
    return wrong;
  },
);
