import { randomUUID, timingSafeEqual } from "node:crypto";
import type { RequestListener } from "node:http";
import { createRedactor, isLoopback, transportErrors } from "@auto-extend/core";
import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from "express";
import { z } from "zod/v3";
import { answerConsumedBody, notLoaded, readBody, sendInParts, sendReply } from "../channels/node.js";
import { type AccountRef, accountIdOf, badRequest, ControlError, controlsOf } from "../controls.js";
import type { Engine } from "../engine/engine.js";
import { FaultError } from "../engine/faults/fault.js";
import { FilterError, VerifyError } from "../engine/log/verify.js";
import {
  internalError,
  mockError,
  mockProblems,
  problemReply,
  wrongMethodProblem,
} from "../engine/problem.js";
import { readInput } from "../engine/read-input.js";
import { WorldError } from "../engine/state/world.js";
import { withLines } from "../engine/state/world-issues.js";
import type { EngineProblem } from "../engine/types.js";
import { httpDate } from "../lib/dates.js";
import { canonicalHost } from "../lib/host.js";
import { loadExpress } from "../lib/load.cjs";
import { readWith } from "../lib/schemas.js";
import { dashboard, openApiDocument, referencePage } from "./pages.js";
import type { ControlCall, ControlReply, ControlRoute } from "./route.js";
import { controlRoutes } from "./routes/index.js";

export interface GuardOptions {
  /** The origins of pages that may use it, besides the mock's own. */
  readonly origins: ReadonlySet<string>;
  /** The token that all requests but health checks must have; `null` if none is needed. */
  readonly token: string | null;
}

/** A world of 100,000 addresses is some 15 MB of JSON. */
const maxBodyBytes = 64 * 1024 * 1024;

const tooLarge: EngineProblem = {
  error: {
    ...transportErrors.tooLarge,
    detail: `The body is larger than the control API accepts: at most ${maxBodyBytes / 1024 ** 2} MiB.`,
  },
};

/**
 * Serves the control API and its documents. `fallback` takes all other requests, so that a wrong base URL shows in the log.
 */
export function createControl(engine: Engine, guard: GuardOptions, fallback: RequestListener): Express {
  const controls = controlsOf(engine);
  const run = randomUUID();
  const express = loadExpress();
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");

  app.use(dashboard(express, guard.token !== null));
  app.get("/docs", async (_, response) => void response.type("html").send(await referencePage("api")));
  app.get("/docs-control", async (_, response) => {
    response.type("html").send(await referencePage("control-api"));
  });
  app.get("/openapi.json", async (request, response) => {
    response.type("json").send(await openApiDocument(request));
  });

  app.use("/__mock", mockDate(engine.now), (request, response, next) => {
    const refusal = controlRefusal(request, guard);
    if (!refusal) return next();
    const [code, detail] = refusal;
    sendProblem(request, response, { error: mockError(code, 403, detail) });
  });
  app.use("/__mock", readJson);
  for (const path of new Set(controlRoutes.map((route) => route.path))) {
    const routes = controlRoutes.filter((route) => route.path === path);
    const handlers = app.route(path.replace("{id}", ":id"));
    for (const route of routes) handlers[route.method](serving(route, { engine, controls, run }));
    const allowed = routes.map(({ method }) => method.toUpperCase()).join(", ");
    handlers.all((request, response) => sendProblem(request, response, wrongMethodProblem(allowed)));
  }
  app.use("/__mock", (request, response) => sendProblem(request, response, { error: unknownPath }));
  app.use(fallback);
  app.use(failure);
  return app;
}

const unknownPath = {
  ...transportErrors.notFound,
  detail: "The control API has no such path. GET /__mock/openapi.json lists its paths.",
};

function serving(
  route: ControlRoute,
  mock: Pick<ControlCall, "engine" | "controls" | "run">,
): RequestHandler {
  return async (request, response) => {
    const { account, ...query } = readQuery(route, request.query);
    const of = route.accountScoped ? accountOf(request, account) : undefined;
    accountIdOf(mock.engine, of);
    const body: unknown = response.locals.sent;
    if (!route.body) refuseBody(body, route);
    const reply = await route.handle({
      ...mock,
      of,
      query,
      body,
      pathId: String(request.params.id ?? ""),
      request,
    });
    send(response.status(route.status), reply);
  };
}

/** @throws ControlError for a body that nobody would read: `{"account":"default"}` would reset all accounts. */
function refuseBody(body: unknown, { accountScoped }: ControlRoute): void {
  if (body === undefined || JSON.stringify(body) === "{}") return;
  const hint = accountScoped ? " Name an account with ?account=ID or the header mock-api-key." : "";
  throw badRequest("body", `This request takes no body. Remove it.${hint}`);
}

/** @throws ControlError for invalid values and unknown parameters: a misspelled `account` would mean everybody. */
function readQuery(
  { query = noQuery, accountScoped }: ControlRoute,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const schema = accountScoped ? query.extend({ account: z.string().optional() }) : query;
  const typed = Object.entries(given).map(([name, value]) => [name, readAs(schema.shape[name], value)]);
  const refuse = (problems: string) => badRequest("query", `The query is invalid: ${problems}.`);
  return readWith(schema, Object.fromEntries(typed), refuse, "parameter");
}

const noQuery = z.strictObject({});

/** Converts a text to the type of a schema, which also serves JSON. What can't be converted is left for the schema to refuse. */
function readAs(schema: z.ZodTypeAny | undefined, value: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return readAs(schema._def.innerType, value);
  }
  if (schema instanceof z.ZodNullable) return value === "null" ? null : readAs(schema.unwrap(), value);
  if (typeof value !== "string") return value;
  if (schema instanceof z.ZodNumber) return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (schema instanceof z.ZodBoolean) return value === "true" || (value === "false" ? false : value);
  if (schema instanceof z.ZodArray) return value.split(",");
  return value;
}

function accountOf(request: Request, account: unknown): AccountRef | undefined {
  const apiKey = request.get("mock-api-key");
  if (apiKey !== undefined) return { apiKey };
  return typeof account === "string" ? { account } : undefined;
}

function send(response: Response, reply: ControlReply): void {
  if (!reply) response.end();
  else if ("stream" in reply) reply.stream(response);
  else if ("json" in reply) response.json(reply.json);
  else sendInParts(response.type(reply.mediaType), reply.parts[Symbol.iterator]());
}

/**
 * Says why a request may not use the control API; `undefined` if it may.
 *
 * Without a token, `Host` must be a loopback name, since any name can be made to resolve to this machine (DNS rebinding). A
 * missing `Host` is allowed: browsers always send one, and health checks in HTTP/1.0 do not. Pages must come from the mock or
 * from an allowed origin. Health needs no token: container health checks have none, and it shows nothing of the state.
 */
function controlRefusal(
  request: Request,
  { origins, token }: GuardOptions,
): readonly [code: string, detail: string] | undefined {
  const { host, origin, authorization = "" } = request.headers;
  const [, given = ""] = /^bearer +(.*)$/i.exec(authorization) ?? [];
  if (token !== null && request.path !== "/health" && !sameText(given, token)) {
    return given === ""
      ? [
          "no-control-token",
          "The control API of this mock requires a token: send Authorization: Bearer TOKEN. The mock prints a generated token at its start.",
        ]
      : [
          "wrong-control-token",
          "The control token is wrong. It is the one that the mock was started with, or the one that it printed at its start.",
        ];
  }
  if (token === null && host !== undefined && !isLoopbackName(host.replace(/:\d+$/, ""))) {
    return [
      "forbidden",
      `The control API answers only under a loopback name, not under "${host}": use 127.0.0.1 or localhost.`,
    ];
  }
  if (origin !== undefined && origin !== `${request.protocol}://${host}` && !origins.has(origin)) {
    return [
      "forbidden",
      `The control API refuses requests from pages of ${origin}. Start the mock with --cors ${origin} to allow them.`,
    ];
  }
  return undefined;
}

/** In any spelling: `localhost.` and `127.1` are names of this machine, too. */
function isLoopbackName(host: string): boolean {
  try {
    return isLoopback(canonicalHost(host));
  } catch {
    return false;
  }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * Reads the body like that of a request of the contract, also if a parser in front of the mock has read it before. Refuses
 * all but JSON: a page of another origin can send other types without a preflight request.
 */
function readJson(request: Request, response: Response, next: () => void): void {
  readBody(request, maxBodyBytes, (body) => {
    if (body === "consumed") return answerConsumedBody(response);
    if (body === "too-large") return sendProblem(request, response, tooLarge);
    if (body.length === 0) return next();
    const { text, value, problem } = readInput({ headers: request.headers, target: "", body }, null);
    if (problem) return sendProblem(request, response, problem);
    // Not in `request.body`, which may be a getter of somebody else's. The text is for the lines of problems in it.
    Object.assign(response.locals, { sent: value, sentText: text });
    next();
  });
}

/** Express recognizes an error handler by its four parameters. */
const failure: ErrorRequestHandler = (error, request, response, _next) => {
  const { issues } = error;
  const text: string | undefined = response.locals.sentText;
  const placed = error instanceof WorldError && text ? withLines(error.issues, text) : issues;
  sendProblem(request, response, problemOf(error), placed);
};

/** @param issues the places that are at fault (default: that of the problem, if it has one). */
function sendProblem(
  request: Request,
  response: Response,
  problem: EngineProblem,
  issues: readonly object[] | undefined = problem.issue && [problem.issue],
): void {
  const extensions = { id: problem.error.id, issues, ...problem.extensions };
  const reply = problemReply({ ...problem, extensions });
  // Of a file that was found, but could not be opened.
  for (const name of ["etag", "last-modified", "accept-ranges"]) response.removeHeader(name);
  // A problem may quote what was sent.
  const redactor = createRedactor(request.get("mock-api-key") ?? "");
  sendReply(response, { ...reply, body: redactor.text(String(reply.body)) });
}

function problemOf(error: Error): EngineProblem {
  if (error instanceof ControlError) return error.problem;
  if (error instanceof WorldError) return badRequest("world", error.message).problem;
  if (error instanceof FaultError) return { error: { ...mockProblems.fault, detail: error.message } };
  if (error instanceof FilterError) return badRequest("filter", error.message).problem;
  if (error instanceof VerifyError) {
    const { found, expected, nearest } = error;
    return {
      error: mockError("verify", 409, error.message),
      extensions: { found, expected, nearest },
    };
  }
  // A badly encoded path.
  if (error instanceof URIError) return { error: transportErrors.notFound };
  if (isUnreadable(error)) return notLoaded(error);
  return { error: internalError, remark: error.message };
}

/** A page, or a module that a library loads with the first request. */
function isUnreadable({ code = "" }: NodeJS.ErrnoException): boolean {
  return ["EAGAIN", "EMFILE", "ENFILE", "ENOENT", "EACCES", "EIO", "MODULE_NOT_FOUND"].includes(code);
}

/** Dates answers by the mock's clock, like those of the contract's operations. */
function mockDate(now: () => number): RequestHandler {
  return (_, response, next) => {
    const { writeHead } = response;
    // Read when the answer is sent, since the request may move the clock.
    response.writeHead = ((...head: Parameters<typeof writeHead>) => {
      response.setHeader("date", httpDate(now()));
      return writeHead.apply(response, head);
    }) as typeof writeHead;
    next();
  };
}
