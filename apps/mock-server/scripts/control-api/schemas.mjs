import { problem } from "@auto-extend/core";
import { clockState, passed } from "../../dist/control-api/schemas/clock.js";
import { mockEvent } from "../../dist/control-api/schemas/event.js";
import { preset, waitingFault } from "../../dist/control-api/schemas/fault.js";
import { orderChange } from "../../dist/control-api/schemas/order-change.js";
import { verifyProblem, worldProblem } from "../../dist/control-api/schemas/problems.js";
import { renewalEvent } from "../../dist/control-api/schemas/renewal.js";
import { renewalGroup } from "../../dist/control-api/schemas/renewal-group.js";
import { asked, logEntry, story } from "../../dist/control-api/schemas/request.js";
import { verified } from "../../dist/control-api/schemas/verification.js";
import { faultSchema } from "../../dist/engine/faults/fault.js";
import { faultSpecSchema } from "../../dist/engine/faults/fault-spec.js";
import { expectationSchema } from "../../dist/engine/log/verify.js";
import { worldSchema } from "../../dist/engine/state/world.js";
import { clockCommandSchema } from "../../dist/engine/time/clock-command.js";

/** @import { ZodTypeAny } from "zod/v3" */

/**
 * The schemas that have a name in the document.
 *
 * @type {Record<string, ZodTypeAny>}
 */
export const schemas = {
  Asked: asked,
  ClockCommand: clockCommandSchema,
  ClockState: clockState,
  Expectation: expectationSchema,
  Fault: faultSchema,
  FaultSpec: faultSpecSchema,
  LogEntry: logEntry,
  MockEvent: mockEvent,
  OrderChange: orderChange,
  Passed: passed,
  Preset: preset,
  Problem: problem,
  RenewalEvent: renewalEvent,
  RenewalGroup: renewalGroup,
  Story: story,
  Verification: verified,
  VerifyProblem: verifyProblem,
  WaitingFault: waitingFault,
  World: worldSchema,
  WorldProblem: worldProblem,
};
