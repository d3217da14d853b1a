import { requestBodyLimit } from "@auto-extend/core";
import { usageError } from "../cli-error.js";
import type { Input } from "./input.js";

/** How many order ids make a chunk: as many as the client takes where it is not told. */
export const defaultChunkSize = 100;

/** Braces, names and the other values of a request; generously. */
const aroundIds = 200;

/**
 * Makes sure that every chunk fits into a request.
 *
 * @throws CliError, a usage error, where one may not.
 */
export function checkChunks({ groups, longestId }: Input, chunkSize: number): void {
  const ids = Math.min(chunkSize, Math.max(...groups.map(({ count }) => count)));
  if (ids * (longestId + 1) + aroundIds <= requestBodyLimit) return;
  const most = Math.max(Math.floor((requestBodyLimit - aroundIds) / (longestId + 1)), 1);
  throw usageError(
    `${ids} order ids in a chunk can make a request of more than ${requestBodyLimit / 1024 ** 2} MiB, which would be refused: the longest has ${longestId} bytes.`,
    `Give --chunk-size ${most}, or look for an order id that is none.`,
  );
}
