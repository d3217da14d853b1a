import type { IncomingMessage, RequestListener } from "node:http";
import { createRedactor, transportErrors } from "@auto-extend/core";
import { parse } from "content-type";
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from "express";
import { sendReply } from "../channels/node.js";
import type { Engine } from "../engine/engine.js";
import { FaultError } from "../engine/faults/fault.js";
import { FilterError, VerifyError } from "../engine/log/verify.js";
import { internalError, mockProblems, problemReply } from "../engine/problem.js";
import { WorldError } from "../engine/state/world.js";
import type { EngineProblem } from "../engine/types.js";
import { createHttpDate } from "../lib/dates.js";
import { StatelessError } from "../proxy/upstream.js";
import { dashboard } from "./dashboard.js";
import { controlRefusal, type GuardOptions } from "./guard.js";
import { openApiDocument, referencePage } from "./pages.js";
import { accountOf, readQuery } from "./query.js";
import { ControlError, type ControlReply, type ControlRoute } from "./route.js";
import { controlRoutes } from "./routes/index.js";
import { withLines } from "./world-lines.js";

/** A world of 100,000 addresses is some 15 MB of JSON. */
const largestWorld = "64mb";

/**
 * Everything the mock serves besides the contract's operations: its control API, the document, and its page.
 *
 * @param elsewhere takes what is none of these: a wrong base URL is to be seen in the request log.
 */
export function createControl(engine: Engine, guard: GuardOptions, elsewhere: RequestListener): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");

  app.use(dashboard());
  app.get("/docs", async (_, response) => void response.type("html").send(await referencePage("api")));
  app.get("/docs-control", async (_, response) => {
    response.type("html").send(await referencePage("control-api"));
  });
  app.get("/openapi.json", async (request, response) => {
    response.type("json").send(await openApiDocument(request));
  });

  app.use("/__mock", mockDate(engine.now), (request, response, next) => {
    const refusal = controlRefusal(request, guard);
    if (refusal) sendProblem(request, response, { error: { ...forbidden, detail: refusal } });
    else next();
  });
  app.use("/__mock", onlyJson, express.json({ limit: largestWorld, type: isJson, verify: keepText }));
  for (const path of new Set(controlRoutes.map((route) => route.path))) {
    const routes = controlRoutes.filter((route) => route.path === path);
    const served = app.route(path.replace("{id}", ":id"));
    for (const route of routes) served[route.method](serving(route, engine));
    served.all(wrongMethod(routes.map(({ method }) => method.toUpperCase()).join(", ")));
  }
  app.use("/__mock", (request, response) =>
    sendProblem(request, response, { error: transportErrors.notFound }),
  );
  app.use(elsewhere);
  app.use(failure);
  return app;
}

const forbidden = { id: "mock/forbidden", status: 403, title: "Forbidden" };

function serving(route: ControlRoute, engine: Engine): RequestHandler {
  return async (request, response) => {
    const problem = route.changesState && engine.refuseChanges();
    if (problem) return sendProblem(request, response, problem);
    const reply = await route.handle({
      engine,
      account: route.accountScoped ? accountOf(request, engine) : undefined,
      query: readQuery(route, request.query),
      body: request.body,
      pathId: String(request.params.id ?? ""),
      request,
    });
    send(response, route.answer.status, reply);
  };
}

function send(response: Response, status: number, reply: ControlReply): void {
  if (reply === "nothing") response.status(status).end();
  else if ("stream" in reply) reply.stream(response);
  else if ("text" in reply) response.status(status).type(reply.mediaType).send(reply.text);
  else
    response
      .status(status)
      .set(reply.headers ?? {})
      .json(reply.json);
}

function isJson(request: { headers: { "content-type"?: string | undefined } }): boolean {
  return parse(request.headers["content-type"] ?? "", { parameters: false }).type === "application/json";
}

/** What was sent, for the lines of what is wrong in it. */
const texts = new WeakMap<IncomingMessage, Buffer>();

function keepText(request: IncomingMessage, _: unknown, text: Buffer): void {
  texts.set(request, text);
}

/** A page can send anything but JSON without asking first, so nothing else is taken. */
function onlyJson(request: Request, response: Response, next: () => void): void {
  const hasBody =
    Number(request.headers["content-length"] ?? 0) > 0 || "transfer-encoding" in request.headers;
  if (hasBody && !isJson(request)) {
    sendProblem(request, response, { error: transportErrors.unsupportedMediaType });
  } else next();
}

function wrongMethod(allow: string): RequestHandler {
  return (request, response) =>
    sendProblem(request, response, { error: transportErrors.methodNotAllowed, headers: ["allow", allow] });
}

/** Express tells a handler of errors by its four parameters. */
const failure: ErrorRequestHandler = (error, request, response, _next) =>
  sendProblem(request, response, problemOf(error, texts.get(request)));

function sendProblem(request: Request, response: Response, problem: EngineProblem): void {
  const reply = problemReply(problem);
  // A problem may quote what was sent.
  const redactor = createRedactor(request.get("mock-api-key") ?? "");
  sendReply(response, { ...reply, body: redactor.text(String(reply.body)) });
}

/** The problem that answers an error. */
function problemOf(error: Error & { readonly status?: unknown }, text?: Buffer): EngineProblem {
  if (error instanceof ControlError) return error.problem;
  if (error instanceof WorldError) {
    return {
      error: badRequest("world", error.message),
      extensions: { issues: withLines(error.issues, String(text)) },
    };
  }
  if (error instanceof FaultError) return { error: { ...mockProblems.fault, detail: error.message } };
  if (error instanceof FilterError) return { error: badRequest("filter", error.message) };
  if (error instanceof VerifyError) {
    const { found, wanted, nearest } = error.verification;
    return {
      error: { id: "mock/verify", status: 409, title: "Conflict", detail: error.message },
      extensions: { found, wanted, nearest },
    };
  }
  if (error instanceof StatelessError) {
    const { message: detail } = error;
    return { error: { id: "mock/stateless", status: 501, title: "Not Implemented", detail } };
  }
  // What a path says is no text where it is badly encoded.
  if (error instanceof URIError) return { error: transportErrors.notFound };
  // The body parser's errors carry the status they mean; their messages quote the body, which may hold an API key.
  const known = Object.values(transportErrors).find(({ status }) => status === error.status);
  return known ? { error: known } : { error: internalError, remark: error.message };
}

function badRequest(about: string, detail: string): EngineProblem["error"] {
  return { id: `mock/${about}`, status: 400, title: "Bad Request", detail };
}

/**
 * Dates answers by the mock's clock, as those of the contract's operations are.
 *
 * @param now by the mock's clock, in milliseconds since 1970.
 */
function mockDate(now: () => number): RequestHandler {
  const httpDate = createHttpDate();
  return (_, response, next) => {
    const { writeHead } = response;
    // When the answer is sent, and no earlier: the request may have moved the clock.
    response.writeHead = ((...head: Parameters<typeof writeHead>) => {
      response.setHeader("date", httpDate(now()));
      return writeHead.apply(response, head);
    }) as typeof writeHead;
    next();
  };
}
