// Puts beside the compiled sources what the package ships besides them: the API page, the schema of a world file, and
// the OpenAPI document of the control API.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { controlApiDocument } from "./control-api/document.mjs";
import { worldFileSchema } from "./world-schema.mjs";

const here = (path) => new URL(`../${path}`, import.meta.url);

mkdirSync(here("pages"), { recursive: true });
copyFileSync(here("../../docs/api.html"), here("pages/api.html"));

writeFileSync(here("world.schema.json"), `${JSON.stringify(worldFileSchema(), null, 2)}\n`);
writeFileSync(here("control-api.json"), `${JSON.stringify(controlApiDocument(), null, 2)}\n`);
