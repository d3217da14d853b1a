import { setAutoExtend } from "@auto-extend/core";
import { jsonObject } from "../cases/answer.js";
import { codeOf } from "../cases/expectations.js";
import { harmlessRequest } from "../cases/operations/set-auto-extend.js";
import { requestOf } from "../cases/request.js";
import { ruleOf } from "../cases/steps.js";
import { exchange } from "./exchange.js";
import { type CheckedTarget, TargetError } from "./target.js";

/**
 * Asks with a request that no server can act on whether the API key is known: with one that isn't, every case would
 * fail, and tell nothing of the server. Any other answer, or none, is for the cases to judge.
 *
 * @throws TargetError where the server says that it does not know the key.
 */
export async function checkApiKey(target: CheckedTarget): Promise<void> {
  const came = await exchange(requestOf(setAutoExtend, harmlessRequest), target);
  const answer = "failure" in came ? undefined : jsonObject(came);
  const { code } = ruleOf(setAutoExtend, "api-key");
  if (answer?.success !== false || codeOf(answer) !== code) return;
  throw new TargetError(
    "invalid",
    `The server does not know this API key (error ${code}). Check the key, and that it belongs to this server.`,
  );
}
