import type { ControlRoute } from "../route.js";
import { accountRoutes } from "./accounts.js";
import { clockRoutes } from "./clock.js";
import { eventRoutes } from "./events.js";
import { faultRoutes } from "./faults.js";
import { requestRoutes } from "./requests.js";
import { mockRoutes, stateRoutes, worldRoutes } from "./state.js";

/**
 * All requests of the control API, for the server and the OpenAPI document. If several paths match, the first one counts.
 */
export const controlRoutes: readonly ControlRoute[] = [
  ...mockRoutes,
  ...stateRoutes,
  ...accountRoutes,
  ...worldRoutes,
  ...requestRoutes,
  ...faultRoutes,
  ...clockRoutes,
  ...eventRoutes,
];
