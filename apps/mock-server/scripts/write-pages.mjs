// Puts the pages that the package ships beside the compiled sources: the references of both APIs, and the dashboard as it
// was built.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { referencePage } from "./reference-page.mjs";

const here = (path) => new URL(`../${path}`, import.meta.url);
const read = (file) => JSON.parse(readFileSync(file, "utf8"));

rmSync(here("pages"), { recursive: true, force: true });
mkdirSync(here("pages"), { recursive: true });
const openApi = new URL(import.meta.resolve("@auto-extend/core/openapi.json"));
const api = referencePage(read(openApi), { name: "Control API", href: "docs-control" });
const control = referencePage(read(here("control-api.json")), { name: "API", href: "docs" });
writeFileSync(here("pages/api.html"), api);
writeFileSync(here("pages/control-api.html"), control);
cpSync(here("../dashboard/dist"), here("pages/dashboard"), { recursive: true });
