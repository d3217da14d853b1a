export { createApp, type MockApp, type MockOptions } from "./create-app.js";
export { defaultWorld } from "./engine/default-world.js";
export type { Decision, LogEntry } from "./engine/request-log.js";
export {
  type AccountState,
  type IpAddressState,
  type OrderState,
  type State,
  type World,
  WorldError,
} from "./engine/world.js";
export type { AccountName, EngineSettings, MockControls } from "./mock-engine.js";
export { createMockFetch, type MockFetch } from "./mock-fetch.js";
export { type MockServer, type MockServerOptions, startMockServer } from "./start-mock-server.js";
