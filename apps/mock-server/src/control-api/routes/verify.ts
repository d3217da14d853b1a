import {
  expectationSchema,
  FilterError,
  readBy,
  VerifyError,
  verification,
} from "../../engine/log/verify.js";
import { requireAccount } from "../query.js";
import { verified, verifyProblem } from "../request-schemas.js";
import { controlRoute } from "../route.js";

/** The route that holds the request log to an expectation. */
export const verifyRoutes = [
  controlRoute({
    id: "verify",
    tag: "Requests",
    method: "post",
    path: "/__mock/verify",
    summary: "Holds the log to an expectation",
    description:
      "Counts the requests that have everything that is named. Where they are not as many as was expected, the answer is a problem that shows the nearest ones and how they differ, so that `curl -f` fails.",
    accountScoped: true,
    body: {
      schema: expectationSchema,
      examples: {
        "at least one": { operation: "setAutoExtend", outcome: "done" },
        "exactly one": { orderIds: ["11111"], autoExtend: true, times: 1 },
        none: { code: 16, times: 0 },
        "at most two": { orderId: "11111", times: { atMost: 2 } },
      },
    },
    answer: { status: 200, says: "The log is as it was expected.", schema: verified },
    problems: { 409: { says: "The log is not as it was expected.", schema: verifyProblem } },
    handle({ engine, account: narrowed, body }) {
      const { account = narrowed, ...expected } = readBy(expectationSchema, body);
      if (account !== undefined) requireAccount(engine, account);
      if (narrowed !== undefined && account !== narrowed) {
        throw new FilterError(
          "What is asked of the request log names another account than the one that it is narrowed to: leave one of them out.",
        );
      }
      const result = verification(engine.requests(account), expected, engine.droppedRequests(account));
      if (!result.passed) throw new VerifyError(result);
      return { json: result };
    },
  }),
];
