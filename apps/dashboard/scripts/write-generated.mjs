// Writes the types of the control API, as the mock's document describes it, and the texts that the contract has for people.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const controlApi = new URL("../../mock-server/control-api.json", import.meta.url);
const contract = new URL("../../../packages/core/openapi.json", import.meta.url);
const target = new URL("../src/generated/", import.meta.url);
const { paths, "x-evidence-grades": gradeMeanings } = JSON.parse(readFileSync(contract, "utf8"));
const methods = ["get", "post", "put", "patch", "delete"];
const operationIds = Object.values(paths).flatMap((item) =>
  methods.flatMap((method) => item[method]?.operationId ?? []),
);

mkdirSync(target, { recursive: true });
writeFileSync(new URL("control-api.ts", target), astToString(await openapiTS(controlApi)));
writeFileSync(
  new URL("texts.ts", target),
  [
    `export const gradeMeanings = ${JSON.stringify(gradeMeanings, null, 2)};\n`,
    `export const operationIds: readonly string[] = ${JSON.stringify(operationIds, null, 2)};\n`,
  ].join("\n"),
);
