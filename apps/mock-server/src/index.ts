export {
  type AccountRef,
  type ClockControls,
  ControlError,
  type FaultControls,
  type FaultRef,
  type MockControls,
  type RequestQuery,
} from "./controls.js";
export { createApp, type MockApp, type MockOptions } from "./create-app.js";
export { type Fault, FaultError } from "./engine/faults/fault.js";
export type { FaultSpec } from "./engine/faults/fault-spec.js";
export {
  type Preset,
  type PresetChoice,
  type PresetName,
  type PresetOption,
  presets,
} from "./engine/faults/presets.js";
export type { QueuedFault } from "./engine/faults/queue.js";
export type { MockEvent } from "./engine/log/events.js";
export type {
  Decision,
  Drift,
  Explanation,
  FaultTrigger,
  FieldIssue,
  LogEntry,
  LoggedFault,
  OrderChange,
  RuleResult,
} from "./engine/log/schemas.js";
export type { Difference, RequestFilter } from "./engine/log/verify.js";
export {
  type Expectation,
  FilterError,
  type NearMiss,
  type Verification,
  VerifyError,
} from "./engine/log/verify.js";
export {
  type AccountState,
  defaultWorld,
  type IpAddressState,
  type OrderState,
  type State,
  type World,
  WorldError,
} from "./engine/state/world.js";
export { generateWorld, type WorldOptions } from "./engine/state/world-generator.js";
export type { AccountRenewalEvent, ClockMove, ClockState } from "./engine/time/schemas.js";
export type { MockFetchOptions } from "./mock-engine.js";
export { createMockFetch, type MockFetch } from "./mock-fetch.js";
export type { UpstreamOptions } from "./proxy/upstream.js";
export { type MockServer, type MockServerOptions, startMockServer } from "./start-mock-server.js";
export { StateFileError, StateTakenOverError, StateWriteError } from "./store/errors.js";
export type { StateTrouble } from "./store/state-file.js";
