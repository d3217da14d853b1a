// Puts the pages that the package ships beside the compiled sources: the API page, and the dashboard as it was built.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { apiPage } from "./api-page.mjs";

const here = (path) => new URL(`../${path}`, import.meta.url);

rmSync(here("pages"), { recursive: true, force: true });
mkdirSync(here("pages"), { recursive: true });
const openApi = fileURLToPath(import.meta.resolve("@auto-extend/core/openapi.json"));
writeFileSync(here("pages/api.html"), apiPage(JSON.parse(readFileSync(openApi, "utf8"))));
cpSync(here("../dashboard/dist"), here("pages/dashboard"), { recursive: true });
