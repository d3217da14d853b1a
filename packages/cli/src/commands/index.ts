import { balance } from "./balance.js";
import { completion } from "./completion.js";
import { doctor } from "./doctor/index.js";
import { errors } from "./errors.js";
import { forecast } from "./forecast.js";
import { openapi } from "./openapi.js";
import { orders } from "./orders.js";
import { periods } from "./periods.js";
import { price } from "./price.js";
import { off, on, undo } from "./switch.js";
import { verify } from "./verify/index.js";

/** The commands, in the order in which the help lists them. */
export const commands = [
  orders,
  on,
  off,
  undo,
  price,
  periods,
  balance,
  forecast,
  doctor,
  verify,
  errors,
  openapi,
  completion,
] as const;
