import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alteredAnswers, oneOfEachBranch } from "../documents/altered-answers.js";
import { readDocument } from "../documents/document.js";
import { type Pair, pairsOf } from "../documents/pairs.js";
import { type Judge, startJudge, violationsOf } from "./prism.js";

let answer: unknown;
let server: Server;
let judge: Judge;
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  judge = await startJudge(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterAll(async () => {
  await judge.close();
  server.close();
});

describe("a validating proxy made by others, in front of any server", () => {
  it.each(pairsOf(readDocument()))("lets $operationId and its answer $name through", async (pair) => {
    answer = pair.answer;
    expect(await violations(pair)).toEqual([]);
  });

  it.each(oneOfEachBranch())("complains of what is not lawful of $operationId, in $name", async (pair) => {
    for (const { change, json, isLawful } of alteredAnswers(pair)) {
      answer = json;
      expect((await violations(pair)).length === 0, change).toBe(isLawful);
    }
  });
});

async function violations({ method, target, body }: Pair) {
  const response = await fetch(`${judge.url}${target}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();
  return violationsOf(response);
}
