import { transportErrors } from "@auto-extend/core";
import { z } from "zod/v3";
import type { Engine } from "../../engine/engine.js";
import { faultSpecForAccount, faultSpecSchema } from "../../engine/faults/fault-spec.js";
import { listedPresets } from "../../engine/faults/presets.js";
import type { WaitingFault } from "../../engine/faults/queue.js";
import { ControlError, controlRoute } from "../route.js";
import { listOf, preset, waitingFault } from "../state-schemas.js";

const pathId = "The id of the fault.";
const problems = { 404: { says: "No such fault waits, or not any more." } };

/** The routes about faults that wait for requests. */
export const faultRoutes = [
  controlRoute({
    id: "listFaults",
    tag: "Faults",
    method: "get",
    path: "/__mock/faults",
    summary: "The faults that wait",
    description:
      "The faults that wait for requests, in the order in which they came. Narrowed to an account, those that are for its requests alone.",
    accountScoped: true,
    answer: {
      status: 200,
      says: "The faults.",
      schema: z.object({ faults: listOf(waitingFault).describe("The faults that wait.") }).strict(),
    },
    handle: ({ engine, account }) => ({ json: { faults: faultsOf(engine, account) } }),
  }),
  controlRoute({
    id: "orderFault",
    tag: "Faults",
    method: "post",
    path: "/__mock/faults",
    summary: "Orders a fault",
    description:
      "A preset, or a fault of your own, for the requests that it is to match: so many of them, a share of them, or all. Narrowed to an account, it is for that account's requests alone.",
    accountScoped: true,
    body: {
      schema: faultSpecSchema,
      examples: {
        "the next two requests": { preset: "gateway-502", times: 2 },
        "an option chosen": { preset: "slow", options: { ms: 500 } },
        "one order": { preset: "insufficient-funds", match: { orderId: "11111", autoExtend: true } },
        "one request in ten": { preset: "lost-answer", share: 0.1, seed: 7 },
        "a fault of your own": {
          fault: { delay: { ms: 200 }, http: { status: 503, retryAfter: 2 }, applied: true },
          times: 1,
        },
      },
    },
    answer: {
      status: 201,
      says: "The fault waits.",
      schema: waitingFault,
      headers: { location: "Where the fault is, and can be taken back." },
    },
    handle({ engine, account, body }) {
      const fault = engine.faults.add(account === undefined ? body : faultSpecForAccount(body, account));
      return { json: fault, headers: { location: `/__mock/faults/${fault.id}` } };
    },
  }),
  controlRoute({
    id: "removeFaults",
    tag: "Faults",
    method: "delete",
    path: "/__mock/faults",
    summary: "Takes faults back",
    description: "Takes back all faults that wait, or those that are for the requests of one account alone.",
    accountScoped: true,
    answer: { status: 204, says: "None of them waits any more." },
    handle({ engine, account }) {
      engine.faults.remove(account === undefined ? undefined : { account });
      return "nothing";
    },
  }),
  controlRoute({
    id: "listFaultPresets",
    tag: "Faults",
    method: "get",
    path: "/__mock/faults/presets",
    summary: "The faults that have a name",
    description:
      "The presets, and what there is to choose of each. Each can be ordered here, and asked for by the request itself.",
    answer: {
      status: 200,
      says: "The presets.",
      schema: z.object({ presets: listOf(preset).describe("The presets.") }).strict(),
    },
    handle: () => ({ json: { presets: listedPresets } }),
  }),
  controlRoute({
    id: "getFault",
    tag: "Faults",
    method: "get",
    path: "/__mock/faults/{id}",
    summary: "A fault that waits",
    description: "One fault that waits for requests, with how often it has struck.",
    accountScoped: true,
    pathId,
    answer: { status: 200, says: "The fault.", schema: waitingFault },
    problems,
    handle: ({ engine, account, pathId: id }) => ({ json: faultOf(engine, account, id) }),
  }),
  controlRoute({
    id: "removeFault",
    tag: "Faults",
    method: "delete",
    path: "/__mock/faults/{id}",
    summary: "Takes a fault back",
    description: "Takes back one fault that waits.",
    accountScoped: true,
    pathId,
    answer: { status: 204, says: "It does not wait any more." },
    problems,
    handle({ engine, account, pathId: id }) {
      engine.faults.remove({ id: faultOf(engine, account, id).id });
      return "nothing";
    },
  }),
];

function faultsOf(engine: Engine, account: string | undefined): WaitingFault[] {
  return engine.faults.list().filter(({ match }) => account === undefined || match.account === account);
}

function faultOf(engine: Engine, account: string | undefined, id: string): WaitingFault {
  const found = faultsOf(engine, account).find((fault) => fault.id === id);
  if (found) return found;
  const whose = account === undefined ? "" : " for this account alone";
  const detail = `No such fault waits${whose}, or not any more: GET /__mock/faults lists those that do.`;
  throw new ControlError({ error: { ...transportErrors.notFound, detail } });
}
