// Puts the documents that the package ships beside the compiled sources: the schema of a world file, and the OpenAPI
// document of the control API.
import { writeFileSync } from "node:fs";
import { controlApiDocument } from "./control-api/document.mjs";
import { worldFileSchema } from "./world-schema.mjs";

const here = (path) => new URL(`../${path}`, import.meta.url);

writeFileSync(here("world.schema.json"), `${JSON.stringify(worldFileSchema(), null, 2)}\n`);
writeFileSync(here("control-api.json"), `${JSON.stringify(controlApiDocument(), null, 2)}\n`);
