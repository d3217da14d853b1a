export type { AccountName, FaultName } from "./account-name.js";
export type { ClockControls, FaultControls, MockControls, RequestQuery } from "./controls.js";
export { createApp, type MockApp, type MockOptions } from "./create-app.js";
export type { Decision } from "./engine/decision.js";
export { defaultWorld } from "./engine/default-world.js";
export type { MockEvent } from "./engine/events.js";
export { type Fault, FaultError } from "./engine/faults/fault.js";
export type { FaultOrder } from "./engine/faults/fault-order.js";
export type { Asked } from "./engine/faults/plan.js";
export { type Preset, type PresetOption, presets } from "./engine/faults/presets.js";
export type { WaitingFault } from "./engine/faults/queue.js";
export type { OrderChange } from "./engine/order-change.js";
export type { Difference, RequestFilter } from "./engine/request-filter.js";
export type { Drift, LogEntry, LoggedFault } from "./engine/request-log.js";
export type { Story, TriedRule } from "./engine/story.js";
export type { ClockState, Passed, Renewed } from "./engine/time.js";
export {
  type Expectation,
  FilterError,
  type NearMiss,
  type Verification,
  VerifyError,
} from "./engine/verify.js";
export {
  type AccountState,
  type IpAddressState,
  type OrderState,
  type State,
  type World,
  WorldError,
} from "./engine/world.js";
export type { EngineSettings } from "./mock-engine.js";
export { createMockFetch, type MockFetch } from "./mock-fetch.js";
export { generateWorld, type WorldOptions } from "./program/world-generator.js";
export { StatelessError } from "./proxy/stateless.js";
export type { UpstreamOptions } from "./proxy/upstream.js";
export { type MockServer, type MockServerOptions, startMockServer } from "./start-mock-server.js";
export { StateBusyError, StateFileError, StateWriteError } from "./store/errors.js";
export type { StateTrouble } from "./store/state-file.js";
