import { z } from "zod/v3";
import { controlDocument } from "../pages.js";
import { controlRoute } from "../route.js";

export const mockRoutes = [
  controlRoute({
    id: "getHealth",
    tag: "Mock",
    method: "get",
    path: "/__mock/health",
    summary: "Whether the mock is ready",
    description: "Answers 200 once the mock is ready. Needs no token.",
    answer: {
      status: 200,
      says: "The mock is ready.",
      schema: z
        .object({
          status: z.literal("ok").describe("The mock is ready."),
          run: z.string().describe("Identifies this run of the mock. Each restart changes it."),
        })
        .strict(),
    },
    handle: ({ run }) => ({ json: { status: "ok", run } as const }),
  }),
  controlRoute({
    id: "getControlDocument",
    tag: "Mock",
    method: "get",
    path: "/__mock/openapi.json",
    summary: "This document",
    description:
      "The OpenAPI document of the control API; the document of the mocked API is at `/openapi.json`.",
    answer: { status: 200, says: "This document.", schema: z.object({}).passthrough() },
    handle: async ({ request }) => ({ text: await controlDocument(request), mediaType: "application/json" }),
  }),
];
