import { controlProblem } from "../../dist/control-api/route.js";
import { skippedEvents, streamStart } from "../../dist/control-api/routes/events.js";
import { preset } from "../../dist/control-api/routes/faults.js";
import { verifyProblem } from "../../dist/control-api/routes/requests.js";
import { faultSchema } from "../../dist/engine/faults/fault.js";
import { faultSpecSchema } from "../../dist/engine/faults/fault-spec.js";
import { queuedFault } from "../../dist/engine/faults/queue.js";
import { mockEvent } from "../../dist/engine/log/events.js";
import { explanation, faultTrigger, logEntry, orderChange } from "../../dist/engine/log/schemas.js";
import { expectationSchema, verification } from "../../dist/engine/log/verify.js";
import { worldSchema } from "../../dist/engine/state/world.js";
import {
  clockCommandSchema,
  clockMove,
  clockState,
  renewalEvent,
  renewalGroup,
} from "../../dist/engine/time/schemas.js";

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
  Problem: controlProblem,
  RenewalEvent: renewalEvent,
  RenewalGroup: renewalGroup,
  SkippedEvents: skippedEvents,
  StreamStart: streamStart,
  Verification: verification,
  VerifyProblem: verifyProblem,
  QueuedFault: queuedFault,
  World: worldSchema,
};
