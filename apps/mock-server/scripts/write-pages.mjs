// Puts beside the compiled sources what the package ships besides them: the API page and the schema of a world file.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { zodToJsonSchema } from "zod-to-json-schema";
import { worldSchema } from "../dist/engine/world.js";

const here = (path) => new URL(`../${path}`, import.meta.url);

mkdirSync(here("pages"), { recursive: true });
copyFileSync(here("../../docs/api.html"), here("pages/api.html"));

const schema = zodToJsonSchema(worldSchema, { $refStrategy: "none", target: "jsonSchema7" });
writeFileSync(
  here("world.schema.json"),
  `${JSON.stringify({ title: "World", description: "The starting world of the mock.", ...schema }, null, 2)}\n`,
);
