import { z } from "zod/v3";
import { notFound } from "../../controls.js";
import { type FaultSpec, faultSpecSchema } from "../../engine/faults/fault-spec.js";
import { listedPresets } from "../../engine/faults/presets.js";
import { queuedFault } from "../../engine/faults/queue.js";
import { hideKeyLikeName } from "../../engine/log/hide-keys.js";
import { listOf } from "../../lib/schemas.js";
import { quoteShort } from "../../lib/text.js";
import { controlRoute } from "../route.js";

export const preset = z
  .strictObject({
    name: z.string().describe("The name."),
    description: z.string().describe("What happens."),
    options: listOf(
      z.strictObject({
        name: z.string().describe("The name of the option."),
        description: z.string().describe("What it sets."),
        default: z
          .union([z.string(), z.number(), z.boolean()])
          .describe("The default; its type is the type of the option."),
        choices: listOf(z.union([z.string(), z.number()]))
          .optional()
          .describe("All allowed values (default: any of its type)."),
        range: listOf(z.number()).optional().describe("The smallest and the largest allowed whole number."),
      }),
    ).describe("The options."),
    operations: listOf(z.string())
      .optional()
      .describe("The operations whose answers it can change (default: all)."),
  })
  .describe("A fault with a name.");

export const faultRoutes = [
  controlRoute("listFaults", "get /__mock/faults", {
    tag: "Faults",
    summary: "The queued faults",
    description:
      "The faults that are queued for later requests, in the order in which they were added. With an account named, only those that are limited to its requests.",
    answer: z.strictObject({ faults: listOf(queuedFault).describe("The faults.") }),
    handle: ({ controls, of }) => ({ json: { faults: controls.faults.list(of) } }),
  }),
  controlRoute("addFault", "post /__mock/faults", {
    tag: "Faults",
    summary: "Adds a fault",
    description:
      "A preset, or a fault of your own, for the requests that match: all of them, a number of them, or a share. With an account named, only for requests of that account.",
    body: {
      schema: faultSpecSchema,
      examples: {
        "the next two requests": { preset: "gateway-502", times: 2 },
        "an option": { preset: "slow", options: { ms: 500 } },
        "one order": { preset: "insufficient-funds", match: { orderId: "11111", autoExtend: true } },
        "one request in ten": { preset: "lost-answer", share: 0.1, seed: 7 },
        "a fault of your own": {
          fault: { delay: { ms: 200 }, http: { status: 503, retryAfter: 2 }, applied: true },
          times: 1,
        },
      },
    },
    status: 201,
    answer: queuedFault,
    // `add` checks the specification.
    handle: ({ controls, of, body }) => ({ json: controls.faults.add(body as FaultSpec, of) }),
  }),
  controlRoute("removeFaults", "delete /__mock/faults", {
    tag: "Faults",
    summary: "Removes faults",
    description: "Removes all queued faults, or those that are limited to the requests of one account.",
    handle: ({ controls, of }) => void controls.faults.remove(of),
  }),
  controlRoute("listFaultPresets", "get /__mock/faults/presets", {
    tag: "Faults",
    accountScoped: false,
    summary: "The presets",
    description:
      "All presets, and their options. Each can be added here, or a request can ask for it itself.",
    answer: z.strictObject({ presets: listOf(preset).describe("The presets.") }),
    handle: () => ({ json: { presets: listedPresets } }),
  }),
  controlRoute("removeFault", "delete /__mock/faults/{id}", {
    tag: "Faults",
    summary: "Removes a fault",
    description: "Removes one queued fault.",
    pathId: "The ID of the fault.",
    problems: { 404: { description: "No queued fault has this ID." } },
    handle({ controls: { faults }, of, pathId: id }) {
      if (!faults.list(of).some((fault) => fault.id === id)) {
        const whose = of === undefined ? "" : " and is limited to this account";
        throw notFound(
          `No queued fault has the ID ${quoteShort(hideKeyLikeName(id))}${whose}. It may have been used up or removed.`,
        );
      }
      faults.remove({ id });
      return undefined;
    },
  }),
];
