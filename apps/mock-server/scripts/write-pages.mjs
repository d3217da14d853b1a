// Puts beside the compiled sources what the package ships besides them: the API page, the schema of a world file, and
// the OpenAPI document of the control API.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { apiPage } from "./api-page.mjs";
import { controlApiDocument } from "./control-api/document.mjs";
import { worldFileSchema } from "./world-schema.mjs";

const here = (path) => new URL(`../${path}`, import.meta.url);

mkdirSync(here("pages"), { recursive: true });
const openApi = fileURLToPath(import.meta.resolve("@auto-extend/core/openapi.json"));
writeFileSync(here("pages/api.html"), apiPage(JSON.parse(readFileSync(openApi, "utf8"))));

writeFileSync(here("world.schema.json"), `${JSON.stringify(worldFileSchema(), null, 2)}\n`);
writeFileSync(here("control-api.json"), `${JSON.stringify(controlApiDocument(), null, 2)}\n`);
