import { setAutoExtend } from "./set-auto-extend.js";

/** Every operation of the contract. */
export const operations = [setAutoExtend] as const;
