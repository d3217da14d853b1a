import type { RequestListener } from "node:http";
import { transportErrors } from "@auto-extend/core";
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from "express";
import type { Engine } from "../engine/engine.js";
import { type EngineProblem, internalError, problemReply } from "../engine/problem.js";
import { WorldError } from "../engine/world.js";
import { controlRefusal, type GuardOptions } from "./guard.js";
import { apiPage, openApiDocument } from "./pages.js";
import { sendReply } from "./reply.js";

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

  app.get("/", (_, response) => response.redirect("/docs"));
  app.get("/docs", async (_, response) => void response.type("html").send(await apiPage()));
  app.get("/openapi.json", async (_, response) => void response.type("json").send(await openApiDocument()));

  app.use("/__mock", (request, response, next) => {
    const refusal = controlRefusal(request, guard);
    if (refusal) sendProblem(response, { error: { ...forbidden, detail: refusal } });
    else next();
  });
  app.get("/__mock/health", (_, response) => void response.json({ status: "ok" }));
  app.use("/__mock", onlyJson, express.json({ limit: largestWorld, type: isJson }));

  app
    .route("/__mock/state")
    .get(forAccount((account, _, response) => void response.json(engine.state(account))))
    .put(
      forAccount((account, request, response) => {
        engine.putState(request.body, account);
        response.json(engine.state(account));
      }),
    )
    .all(wrongMethod("GET, PUT"));
  app
    .route("/__mock/requests")
    .get(forAccount((account, _, response) => void response.json({ requests: engine.requests(account) })))
    .delete(
      forAccount((account, _, response) => {
        engine.clearRequests(account);
        response.status(204).end();
      }),
    )
    .all(wrongMethod("GET, DELETE"));
  app
    .route("/__mock/reset")
    .post(
      forAccount((account, _, response) => {
        engine.reset(account);
        response.status(204).end();
      }),
    )
    .all(wrongMethod("POST"));

  app.use("/__mock", (_, response) => sendProblem(response, { error: transportErrors.notFound }));
  app.use(elsewhere);
  app.use(failure);
  return app;

  /** Narrows a request to one account, named by its id in `?account=` or by its API key in a header. */
  function forAccount(handler: (account: string | undefined, request: Request, response: Response) => void) {
    return (request: Request, response: Response) => {
      const apiKey = request.get("mock-api-key");
      const account = apiKey === undefined ? request.query.account : engine.accountOf(apiKey);
      if (account === undefined) return handler(undefined, request, response);
      if (typeof account === "string" && engine.has(account)) {
        return handler(account, request, response);
      }
      const detail = "There is no such account. GET /__mock/state lists those there are.";
      return sendProblem(response, { error: { ...transportErrors.notFound, detail } });
    };
  }
}

const forbidden = { id: "mock/forbidden", status: 403, title: "Forbidden" };

function isJson(request: { headers: { "content-type"?: string | undefined } }): boolean {
  return /^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? "");
}

/** A page can send anything but JSON without asking first, so nothing else is taken. */
function onlyJson(request: Request, response: Response, next: () => void): void {
  const hasBody =
    Number(request.headers["content-length"] ?? 0) > 0 || "transfer-encoding" in request.headers;
  if (hasBody && !isJson(request)) sendProblem(response, { error: transportErrors.unsupportedMediaType });
  else next();
}

function wrongMethod(allow: string) {
  return (_: Request, response: Response) =>
    sendProblem(response, { error: transportErrors.methodNotAllowed, headers: ["allow", allow] });
}

/** Express tells a handler of errors by its four parameters. */
const failure: ErrorRequestHandler = (error, _request, response, _next) => {
  if (error instanceof WorldError) {
    return sendProblem(response, {
      error: { id: "mock/world", status: 400, title: "Bad Request", detail: error.message },
      extensions: { issues: error.issues },
    });
  }
  // The body parser's errors carry the status they mean.
  const known = Object.values(transportErrors).find(({ status }) => status === error.status);
  // Its messages quote the body, which may hold an API key.
  return sendProblem(response, known ? { error: known } : { error: internalError, remark: error.message });
};

function sendProblem(response: Response, problem: EngineProblem): void {
  sendReply(response, problemReply(problem));
}
