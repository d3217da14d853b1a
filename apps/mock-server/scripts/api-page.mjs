import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { servers } from "@auto-extend/core";

const rapidoc = new URL(import.meta.resolve("rapidoc"));

const style = `
body { margin: 0; }
rapi-doc { width: 100%; height: 100vh; }
p { max-width: 60em; font: 14px/1.6 system-ui, sans-serif; }
`;

const start = `
const shown = JSON.parse(document.getElementById("document").textContent);
// Where the mock server serves this page, requests go to it and to nobody else.
if (location.pathname === "/docs") {
  shown.servers = [{ url: location.origin, description: "The mock server that serves this page." }];
  document.querySelector("[slot=servers]").remove();
}
document.querySelector("rapi-doc").loadSpec(shown);
`;

/**
 * The API page: one file that shows an OpenAPI document, and loads nothing from anywhere.
 *
 * @param {{ info: { title: string }, servers: { url: string }[] }} document
 */
export function apiPage(document) {
  // In strings, templates and patterns alike, \x3c is the same character, and no tag to the HTML parser.
  const viewer = readBeside(rapidoc, "rapidoc-min.js").replace(/<(?=\/?script)/gi, "\\x3c");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy([viewer, start], document.servers)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${document.info.title}</title>
<style>${style}</style>
</head>
<body>
<rapi-doc
  render-style="read"
  load-fonts="false"
  regular-font="system-ui, sans-serif"
  mono-font="ui-monospace, monospace"
  primary-color="#0b6e4f"
  nav-bg-color="#f4f6f5"
  nav-text-color="#2b3a35"
  show-header="false"
  show-method-in-nav-bar="as-colored-text"
  info-description-headings-in-navbar="true"
  schema-style="table"
  schema-description-expanded="true"
  default-schema-tab="example"
  allow-authentication="false"
  allow-spec-file-download="false"
  persist-auth="false"
  default-api-server="${servers.mock.url}"
>
<p slot="servers">A browser lets a page talk to its own server. To send requests from here, start the mock server with
<code>npm start</code> and open <a href="${servers.mock.url}/docs">${servers.mock.url}/docs</a>, which is this page.
Nothing is sent before you press <b>Try</b>.</p>
</rapi-doc>
<script type="application/json" id="document">${JSON.stringify(document).replaceAll("<", "\\u003c")}</script>
<script type="text/plain">
${readBeside(rapidoc, "../LICENSE.txt")}
${readBeside(rapidoc, "rapidoc-min.js.LICENSE.txt")}</script>
<script>${viewer}</script>
<script>${start}</script>
</body>
</html>
`;
}

/**
 * Nothing runs but the page's own scripts, nothing is loaded, and requests go to the page's own server, to the
 * documented ones and to others on this machine.
 *
 * @param {string[]} scripts
 * @param {{ url: string }[]} servers
 */
function policy(scripts, servers) {
  const hashes = scripts.map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  const hosts = servers.map(({ url }) => new URL(url).origin);
  return [
    "default-src 'none'",
    `script-src ${hashes.join(" ")}`,
    "style-src 'unsafe-inline'",
    "img-src data:",
    `connect-src 'self' ${hosts.join(" ")} http://127.0.0.1:* http://localhost:*`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** @param {URL} file @param {string} name */
function readBeside(file, name) {
  return readFileSync(new URL(name, file), "utf8");
}
