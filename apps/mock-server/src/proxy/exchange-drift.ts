import { transportErrors, withoutCredentials } from "@auto-extend/core";
import { parse } from "content-type";
import type { Begun } from "../engine/handler.js";
import type { Drift } from "../engine/log/request-log.js";
import type { AnswerBody } from "./answer-body.js";
import { answerDrift } from "./answer-drift.js";
import type { Answer } from "./forward.js";
import { headerOf } from "./headers.js";
import type { JudgedAnswer } from "./judged-answer.js";
import { judgedJson } from "./judged-json.js";
import { problemAnswerDrift } from "./problem-answer-drift.js";
import { problemDrift, requestDrift } from "./request-drift.js";

/** An answer that came, and its body as it was read. */
interface Answered {
  readonly answer: Answer;
  readonly read: AnswerBody;
}

/** How many differences are told of one exchange. */
const most = 20;

/**
 * How a request and its answer, where one came, differ from the contract; `undefined` where the contract does not know
 * the path. All of it is judged without API key and credentials: what is quoted is cut to length, and a part of a secret
 * could not be found any more.
 */
export function exchangeDrift(begun: Begun, answered?: Answered): Drift[] | undefined {
  const { routed, read, caller } = begun;
  const { operation } = routed;
  const problem = routed.problem ?? read.problem;
  if (!operation && problem?.error.id !== transportErrors.methodNotAllowed.id) return undefined;
  const { redactor } = caller;
  const clean = (value: unknown) => withoutCredentials(redactor.value(value));
  const sent = read.problem ? undefined : judgedJson(read.value, { redactor, isLong: false });
  const ofRequest = problem ? [problemDrift(problem)] : operation ? requestDrift(operation, sent) : [];
  const isLong = operation?.hasCredentials ?? false;
  const judged = answered && {
    ...judgedHead(answered, clean),
    json: judgedJson(answered.read.json, { redactor, isLong }),
  };
  const ofAnswer = !judged
    ? []
    : problem
      ? problemAnswerDrift(problem, judged)
      : operation
        ? answerDrift(operation, { sent, drift: ofRequest }, judged)
        : [];
  // What is said of a problem quotes the request's own headers.
  return bounded(clean([...ofRequest, ...ofAnswer]) as Drift[]);
}

function judgedHead(
  { answer, read }: Answered,
  clean: (value: unknown) => unknown,
): Omit<JudgedAnswer, "json"> {
  const { status, headers } = answer;
  const contentType = String(clean(headerOf(headers, "content-type")));
  return {
    status,
    mediaType: parse(contentType, { parameters: false }).type,
    allowed: headerOf(headers, "allow")
      .split(",")
      .map((method) => method.trim()),
    problem: read.problem,
  };
}

function bounded(drift: readonly Drift[]): Drift[] {
  // What is broken must not be crowded out.
  const gravestFirst = [...drift.filter(isBroken), ...drift.filter((each) => !isBroken(each))];
  return gravestFirst
    .slice(0, most)
    .map((each) => ({ ...each, path: cut(each.path, 100), message: cut(each.message, 500) }));
}

function isBroken({ severity }: Drift): boolean {
  return severity === "broken";
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}...` : text;
}
