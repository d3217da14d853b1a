import type { ControlRoute } from "../route.js";
import { accountRoutes } from "./accounts.js";
import { clockRoutes } from "./clock.js";
import { eventRoutes } from "./events.js";
import { faultRoutes } from "./faults.js";
import { mockRoutes } from "./mock.js";
import { requestRoutes } from "./requests.js";
import { stateRoutes } from "./state.js";
import { verifyRoutes } from "./verify.js";
import { worldRoutes } from "./world.js";

/**
 * Every request that the control API takes: the one table that the server and the OpenAPI document are made of. Of paths
 * that both fit, the first one is meant.
 */
export const controlRoutes: readonly ControlRoute[] = [
  ...mockRoutes,
  ...stateRoutes,
  ...accountRoutes,
  ...worldRoutes,
  ...requestRoutes,
  ...verifyRoutes,
  ...faultRoutes,
  ...clockRoutes,
  ...eventRoutes,
];
