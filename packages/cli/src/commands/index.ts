/** The commands. A line here adds one; its group is its place in the help. */
export { balance } from "./balance.js";
export { completion } from "./completion.js";
export { doctor } from "./doctor/index.js";
export { errors } from "./errors.js";
export { forecast } from "./forecast.js";
export { openapi } from "./openapi.js";
export { orders } from "./orders.js";
export { periods } from "./periods.js";
export { price } from "./price.js";
export { off, on, undo } from "./switch.js";
export { verify } from "./verify/index.js";
