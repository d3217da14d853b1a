import type { Effect } from "@auto-extend/core";
import { clientCase, json, success } from "./answers.js";
import type { ClientCase, LostAnswer } from "./client-case.js";

/** Answers that get lost on the way: what was done is unknown, unless nothing was sent. */
export const lostAnswerCases: readonly ClientCase[] = [
  lost("refuse", "knows that nothing is done where no connection is made", "NetworkError", "none"),
  lost("reset", "does not take a broken connection for a refusal", "NetworkError", "unknown"),
  lost("cut", "does not take a part of an answer for the whole", "NetworkError", "unknown"),
  lost(
    "hang",
    "gives up waiting for an answer, and does not take it for a refusal",
    "TimeoutError",
    "unknown",
  ),
  lost("stall", "gives up waiting for the rest of an answer", "TimeoutError", "unknown"),
  ...(["reset", "cut", "hang", "stall"] as const).map((lose) =>
    clientCase(`lost/${lose}-then-success`, {
      title: `sends again after an answer was lost: ${lose}`,
      script: [{ lose }, json(success)],
      expect: { outcome: "success", answer: success },
      sent: 2,
    }),
  ),
];

function lost(
  lose: LostAnswer["lose"],
  title: string,
  error: "NetworkError" | "TimeoutError",
  effect: Effect,
): ClientCase {
  return clientCase(`lost/${lose}`, { title, script: { lose }, expect: { outcome: "error", error, effect } });
}
