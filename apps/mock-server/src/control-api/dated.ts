import type { RequestHandler } from "express";
import { createHttpDate } from "../lib/dates.js";

/**
 * Has answers carry the mock's date, as those of the contract's operations do, in place of the machine's.
 *
 * @param now the moment by the mock's clock, in milliseconds since 1970.
 */
export function dated(now: () => number): RequestHandler {
  const httpDate = createHttpDate();
  return (_, response, next) => {
    const { writeHead } = response;
    // When the answer leaves and no earlier: the request may have moved the clock.
    response.writeHead = ((...head: Parameters<typeof writeHead>) => {
      response.setHeader("date", httpDate(now()));
      return writeHead.apply(response, head);
    }) as typeof writeHead;
    next();
  };
}
