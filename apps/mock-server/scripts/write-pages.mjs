// Puts beside the compiled sources what the package ships besides them: the API page, the schema of a world file, and
// the OpenAPI document of the control API.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { zodToJsonSchema } from "zod-to-json-schema";
import { worldSchema } from "../dist/engine/world.js";
import { controlApiDocument } from "./control-api/document.mjs";

const here = (path) => new URL(`../${path}`, import.meta.url);

mkdirSync(here("pages"), { recursive: true });
copyFileSync(here("../../docs/api.html"), here("pages/api.html"));

const schema = zodToJsonSchema(worldSchema, { $refStrategy: "none", target: "jsonSchema7" });
writeFileSync(
  here("world.schema.json"),
  `${JSON.stringify({ title: "World", description: "The starting world of the mock.", ...schema }, null, 2)}\n`,
);
writeFileSync(here("control-api.json"), `${JSON.stringify(controlApiDocument(), null, 2)}\n`);
