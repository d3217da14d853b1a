import { problem } from "@auto-extend/core";
import {
  explanation,
  faultTrigger,
  logEntry,
  mockEvent,
  skippedEvents,
  streamStart,
  verified,
  verifyProblem,
} from "../../dist/control-api/request-schemas.js";
import {
  clockMove,
  clockState,
  orderChange,
  preset,
  queuedFault,
  renewalEvent,
  renewalGroup,
  worldProblem,
} from "../../dist/control-api/state-schemas.js";
import { faultSchema } from "../../dist/engine/faults/fault.js";
import { faultSpecSchema } from "../../dist/engine/faults/fault-spec.js";
import { expectationSchema } from "../../dist/engine/log/verify.js";
import { worldSchema } from "../../dist/engine/state/world.js";
import { clockCommandSchema } from "../../dist/engine/time/clock-command.js";

/** @import { ZodTypeAny } from "zod/v3" */

/**
 * The named schemas of the document.
 *
 * @type {Record<string, ZodTypeAny>}
 */
export const schemas = {
  ClockCommand: clockCommandSchema,
  ClockMove: clockMove,
  ClockState: clockState,
  Expectation: expectationSchema,
  Explanation: explanation,
  Fault: faultSchema,
  FaultSpec: faultSpecSchema,
  FaultTrigger: faultTrigger,
  LogEntry: logEntry,
  MockEvent: mockEvent,
  OrderChange: orderChange,
  Preset: preset,
  Problem: problem,
  RenewalEvent: renewalEvent,
  RenewalGroup: renewalGroup,
  SkippedEvents: skippedEvents,
  StreamStart: streamStart,
  Verification: verified,
  VerifyProblem: verifyProblem,
  QueuedFault: queuedFault,
  World: worldSchema,
  WorldProblem: worldProblem,
};
