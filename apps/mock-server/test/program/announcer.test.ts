import { setAutoExtend } from "@auto-extend/core";
import { expect, it } from "vitest";
import { requestText } from "../../src/program/announcer.js";
import { call, on, testEngine } from "../support/call.js";

it.each([
  ["fault=gateway-502", "502 (fault gateway-502): a fault prevented the request from being carried out"],
  ["fault=wrong-key", "200 error 2 (fault wrong-key): a fault refuses the request"],
  ["fault=reset", "no answer (fault reset); decision: auto-extend is on for 1 IP address of IPv4 order"],
  ["fault=slow+lost-answer; ms=1", "no answer (faults slow, lost-answer); decision: auto-extend is on"],
])("a request with %s on one line says whether the fault decided", (prefer, line) => {
  const engine = testEngine();
  call(engine, on, { headers: { "content-type": "application/json", prefer } });
  const [entry] = engine.requests();
  expect(entry && requestText(entry)).toContain(`POST ${setAutoExtend.id}`);
  expect(entry && requestText(entry)).toContain(` ${line}`);
});
