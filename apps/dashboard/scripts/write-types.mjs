// Writes the types of the control API, as the mock's document describes it.
import { mkdirSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const document = new URL("../../mock-server/control-api.json", import.meta.url);
const target = new URL("../src/generated/control-api.ts", import.meta.url);

mkdirSync(new URL(".", target), { recursive: true });
writeFileSync(target, astToString(await openapiTS(document)));
