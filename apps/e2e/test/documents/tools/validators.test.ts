import { once } from "node:events";
import type { Server } from "node:http";
import express, { type ErrorRequestHandler } from "express";
import * as OpenApiValidator from "express-openapi-validator";
import enforcer, { type Result } from "openapi-enforcer";
import supertest from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alteredAnswers, oneOfEachBranch } from "../altered-answers.js";
import { readDocument } from "../document.js";
import { type Pair, pairsOf } from "../pairs.js";

const pairs = pairsOf(readDocument());

describe("express-openapi-validator", () => {
  let answer: unknown;
  let server: Server;
  beforeAll(async () => {
    const app = express();
    app.use(express.json());
    const apiSpec = readDocument() as never;
    app.use(OpenApiValidator.middleware({ apiSpec, validateApiSpec: true, validateResponses: true }));
    app.use((_, response) => void response.json(answer));
    app.use(((error, _request, response, _next) => {
      response.status(error.status).json(error.errors);
    }) satisfies ErrorRequestHandler);
    server = app.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => server.close());

  const send = ({ method, target, body }: Pair) =>
    method === "POST"
      ? supertest(server)
          .post(target)
          .send(body as object)
      : supertest(server).get(target);

  it.each(pairs)("lets $operationId and its answer $name through", async (pair) => {
    answer = pair.answer;
    await send(pair).expect(200, pair.answer as object);
  });

  it.each(oneOfEachBranch())("refuses what is not lawful of $operationId, in $name", async (pair) => {
    for (const { change, json, isLawful } of alteredAnswers(pair)) {
      answer = json;
      const { status } = await send(pair);
      expect(status, change).toBe(isLawful ? 200 : 500);
    }
  });

  it.each(pairs.filter(({ body }) => body))(
    "refuses the request $name of $operationId cut short",
    async (pair) => {
      for (const field of Object.keys(pair.body as object)) {
        await send({ ...pair, body: { ...(pair.body as object), [field]: undefined } }).expect(400);
      }
    },
  );
});

describe("openapi-enforcer", () => {
  let paths: NonNullable<Result["value"]>["paths"];
  let complaints: string[];
  beforeAll(async () => {
    const { value, error, warning } = await enforcer(readDocument(), { fullResult: true });
    paths = value?.paths ?? {};
    complaints = [error, warning].filter(Boolean).map(String);
  });

  it("finds nothing wrong with the document, not even a warning", () => {
    expect(complaints).toEqual([]);
  });

  it.each(oneOfEachBranch())("judges the answers of $operationId like the contract, in $name", (pair) => {
    const operation = Object.values(paths)
      .flatMap(({ get, post }) => [get, post])
      .find((each) => each?.operationId === pair.operationId);
    const errorOf = (json: unknown) => {
      const { error } = operation?.response(200, json, { "content-type": "application/json" }) ?? {};
      return error;
    };
    expect(errorOf(pair.answer)).toBeUndefined();
    for (const { change, json, isLawful } of alteredAnswers(pair)) {
      // It gets `not` wrong inside `oneOf`, so it knows only one form of the list.
      if (isLawful && pair.operationId === "listIpAddresses") continue;
      expect(errorOf(json) === undefined, change).toBe(isLawful);
    }
  });
});
