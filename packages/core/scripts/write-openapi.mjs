// Writes the OpenAPI document of the contract beside the package's dist: openapi.json and openapi.yaml.
import { writeFileSync } from "node:fs";
import { stringify } from "yaml";
import { openApiDocument } from "./openapi/document.mjs";

const document = openApiDocument();

write("openapi.json", `${JSON.stringify(document, null, 2)}\n`);
write("openapi.yaml", stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 }));

/** @param {string} name @param {string} text */
function write(name, text) {
  writeFileSync(new URL(`../${name}`, import.meta.url), text);
}
