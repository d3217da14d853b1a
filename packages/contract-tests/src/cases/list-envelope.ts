import { listIpAddresses } from "@auto-extend/core";
import type { Envelope } from "./expectations.js";

/**
 * What is lawful to answer to {@link listIpAddresses}: no page of it is public, so a success is whatever can be read,
 * and a failure needs no more than its error.
 */
export const listEnvelope: Envelope = {
  operation: listIpAddresses,
  lawful: listIpAddresses.lawful,
  check: (_, answer) =>
    listIpAddresses
      .check({}, { ...answer, success: answer.success === true })
      // A part of the list contradicts an assumption only, which has a case of its own.
      .filter(({ statement }) => statement !== "whole-list"),
};
