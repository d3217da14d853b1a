import { randomUUID } from "node:crypto";
import { z } from "zod/v3";
import type { Engine } from "../../engine/engine.js";
import { controlDocument } from "../pages.js";
import { controlRoute } from "../route.js";

const starts = new WeakMap<object, string>();

/** Names the present run of a mock. */
function runOf(engine: Engine): string {
  const start = starts.get(engine) ?? randomUUID().slice(0, 8);
  starts.set(engine, start);
  return `${start}-${engine.resets()}`;
}

/** The routes about the mock itself. */
export const mockRoutes = [
  controlRoute({
    id: "getHealth",
    tag: "Mock",
    method: "get",
    path: "/__mock/health",
    summary: "Whether the mock serves",
    description: "Answers 200 once the mock serves.",
    answer: {
      status: 200,
      says: "The mock serves.",
      schema: z
        .object({
          status: z.literal("ok").describe("It is well."),
          run: z
            .string()
            .describe("Changes when the mock is started or reset, and the numbers of requests start again."),
        })
        .strict(),
    },
    handle: ({ engine }) => ({ json: { status: "ok", run: runOf(engine) } as const }),
  }),
  controlRoute({
    id: "getControlDocument",
    tag: "Mock",
    method: "get",
    path: "/__mock/openapi.json",
    summary: "This document",
    description: "The OpenAPI document of the control API; that of the mocked API is at `/openapi.json`.",
    answer: { status: 200, says: "This document.", schema: z.object({}).passthrough() },
    handle: async ({ request }) => ({ text: await controlDocument(request), mediaType: "application/json" }),
  }),
];
