import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { servers } from "@auto-extend/core";

/** @param {string} name */
const ofViewer = (name) => readFileSync(new URL(import.meta.resolve(`swagger-ui-dist/${name}`)), "utf8");

/** Colours and sizes that make the viewer one with the mock's own page. */
const style = `
:root { color-scheme: light dark; }
body { margin: 0; background: #fff; }
html.dark-mode, html.dark-mode body { background: #14171b; }
.own-bar { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: center; padding: 12px 20px; border-bottom: 1px solid #e1e4ea; font: 13px/1.5 system-ui, sans-serif; color: #14181f; }
.own-bar strong { margin-right: auto; }
.own-bar :is(a, button) { padding: 0; border: 0; background: none; color: #3b53c9; font: inherit; text-decoration: underline; cursor: pointer; }
.own-note { margin: 0; padding: 8px 20px 0; font: 12px/1.5 system-ui, sans-serif; color: #545d6b; }
html.dark-mode .own-bar { border-color: #2a2f38; color: #e7e9ed; }
html.dark-mode .own-bar :is(a, button) { color: #9db0ff; }
html.dark-mode .own-note { color: #a0a8b4; }
.swagger-ui .wrapper { padding: 0 20px; }
.swagger-ui .info { margin: 24px 0; }
.swagger-ui .info .title { font-size: 26px; }
.swagger-ui .info .renderedMarkdown h1 { margin: 20px 0 8px; font-size: 17px; }
.swagger-ui .renderedMarkdown :is(th, td) { padding-right: 16px; }
.swagger-ui .opblock-body { overflow-x: auto; }
#viewer { overflow-x: clip; }
.swagger-ui .examples__section-header { color: inherit; }
.swagger-ui .scheme-container { padding: 12px 0; box-shadow: none; }
.swagger-ui .filter .operation-filter-input { margin: 12px 0; border: 1px solid #868f9c; border-radius: 6px; }
.swagger-ui .opblock .opblock-summary-path { max-width: calc(100% - 110px); overflow-wrap: anywhere; }
.swagger-ui table { min-width: 0; }
.swagger-ui .info table { display: block; overflow-x: auto; }
.swagger-ui :is(button, input, select, textarea, a, .opblock-summary-control):focus-visible { outline: 2px solid #3b53c9; outline-offset: 2px; }
html.dark-mode .swagger-ui :is(button, input, select, textarea, a, .opblock-summary-control):focus-visible { outline-color: #9db0ff; }
/* The viewer's own colours are too pale to read. */
.swagger-ui .info .title small { background: #545d6b; }
.swagger-ui .info .title small.version-stamp { background: #4d6b00; }
.swagger-ui .opblock.opblock-get .opblock-summary-method { background: #1a5fb4; }
.swagger-ui .opblock.opblock-post .opblock-summary-method { background: #1d7a4c; }
.swagger-ui .opblock.opblock-put .opblock-summary-method { background: #8f5200; }
.swagger-ui .opblock.opblock-delete .opblock-summary-method { background: #c01c28; }
.swagger-ui .btn.execute { border-color: #3b53c9; background: #3b53c9; }
.swagger-ui .microlight span[style*="211, 99, 99"] { color: #ff9c9c !important; }
html:not(.dark-mode) .swagger-ui :is(.info a, .link, .renderedMarkdown a) { color: #3b53c9; }
html:not(.dark-mode) .swagger-ui .parameter__in { color: #545d6b; }
html:not(.dark-mode) .swagger-ui .btn.authorize { border-color: #1d7a4c; color: #1d7a4c; }
html:not(.dark-mode) .swagger-ui .btn.authorize svg { fill: #1d7a4c; }
html:not(.dark-mode) .swagger-ui .btn.cancel { color: #c01c28; }
html.dark-mode .swagger-ui .btn.cancel.try-out__btn.try-out__btn { color: #ff9c9c; }
html.dark-mode .swagger-ui :is(.examples-select__section-label, .header-col) { color: #e7e9ed; }
.swagger-ui :is(.opblock-tag, .btn, .opblock-summary-method, a) { transition: none !important; }
@media (max-width: 640px) {
  .swagger-ui .wrapper { padding: 0 8px; }
  .swagger-ui .info { margin: 12px 0; }
  .swagger-ui .info .description { max-height: 180px; overflow-y: auto; border-bottom: 1px solid #868f9c; }
  .swagger-ui .opblock .opblock-summary { flex-wrap: wrap; }
  .swagger-ui .opblock .opblock-summary-description { flex-basis: 100%; padding: 0 10px 4px; }
  .swagger-ui .opblock-body :is(table, thead, tbody, tr, td) { display: block; width: 100%; }
  .swagger-ui .opblock-body thead { display: none; }
  .swagger-ui .opblock-body .parameters-col_name { width: auto; margin-top: 8px; }
  .swagger-ui .parameters-col_description :is(input, select, textarea) { width: 100%; max-width: 100%; }
}
`;

const start = `
const shown = JSON.parse(document.getElementById("document").textContent);
const operations = Object.entries(shown.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ place: [path, method], ...operation })),
);
const keyed = operations.flatMap(({ place, parameters = [] }) =>
  parameters.filter(({ name }) => name === "apiKey").map((parameter) => ({ place, parameter })),
);
const bodyExamples = operations.flatMap(({ requestBody }) => requestBody?.content["application/json"]?.examples ?? []);
// The dashboard in this tab was given it.
const token = sessionStorage.getItem("control-token");
const base = new URL(".", document.baseURI).href.replace(/\\/$/, "");
async function ask(path, query) {
  const headers = token === null ? {} : { authorization: "Bearer " + token };
  const answer = await fetch(base + "/__mock/" + path + "?" + new URLSearchParams(query), { headers });
  if (!answer.ok) throw new Error("HTTP " + answer.status);
  return answer.json();
}
// The orders of an account replace those of the examples that it does not have, or no longer.
async function fitExamples({ id: account, rentPeriods }) {
  const bodies = bodyExamples.flatMap((examples) =>
    Object.entries(examples).filter(([name]) => !/^error-2[489]/.test(name)),
  );
  for (const [proxyType, [days]] of Object.entries(rentPeriods)) {
    const first = async (search) =>
      (await ask("orders", { account, proxyType, search, sort: "orderId", limit: 1 })).orders[0]?.orderId;
    const values = bodies.map(([, { value }]) => value).filter((value) => value.proxyType === proxyType);
    const known = values[0].orderIds[0];
    const orderId = (await first(known)) === known ? known : await first("");
    if (orderId === undefined || orderId === known) continue;
    const { ipAddresses } = await ask("orders/" + encodeURIComponent(orderId), { account });
    for (const value of values) {
      if (value.orderIds) value.orderIds = [orderId];
      else value.ipAddressIds = ipAddresses.map(({ ipAddressId }) => ipAddressId);
      if (value.rentPeriodDays < 1_000) value.rentPeriodDays = days;
    }
  }
}
// Where the mock serves this page, requests go to it and to nobody else. No mock hands out the keys that it was started with.
if (location.protocol.startsWith("http")) {
  shown.servers = [{ url: base, description: "The mock that serves this page." }];
  const note = document.querySelector(".own-note");
  document.querySelector(".own-bar").append(note);
  note.parentElement.hidden = false;
  note.textContent = "";
  if (keyed.length > 0) {
    const { accounts = [], acceptsNewKeys } = await ask("accounts", {}).catch(({ message }) => ({
      // It forwards requests to another server.
      acceptsNewKeys: message !== "HTTP 501",
    }));
    // The account of any-key, as soon as somebody has used it; until then its orders are those of the template.
    const owner =
      accounts.find(({ id }) => id === "account-3b81ed00900c") ?? accounts.find(({ isTemplate }) => isTemplate);
    if (owner) await fitExamples(owner).catch(() => {});
    if (owner?.orders === 0)
      note.textContent = "No order is running any more, so the examples are refused: reset the mock in the dashboard.";
    if (!acceptsNewKeys)
      note.textContent = "Type an API key into any of the fields. Only those work that the mock was started with, or that the server behind it knows.";
    for (const { parameter } of keyed) {
      // One that is refused stands in the place of examples of bodies that would be carried out.
      parameter.description += " The mock refuses unknown-api-key with error 2.";
      delete parameter.examples;
      if (acceptsNewKeys) parameter.schema = { ...parameter.schema, default: "any-key" };
    }
    for (const examples of bodyExamples) delete examples["error-2"];
  }
}
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
follow();
dark.addEventListener("change", follow);
// The viewer itself searches tags alone.
const searchEverything = () => ({
  fn: {
    opsFilter: (tagged, phrase) => {
      const words = phrase.toLowerCase().split(/\\s+/);
      const fits = (operation) => {
        const text = JSON.stringify([operation.get("path"), operation.get("method"), operation.get("operation")]).toLowerCase();
        return words.every((word) => text.includes(word));
      };
      return tagged
        .map((tag) => tag.set("operations", tag.get("operations").filter(fits)))
        .filter((tag) => tag.get("operations").size > 0);
    },
  },
});
let wanted = location.hash.slice(1);
const viewer = SwaggerUIBundle({
  spec: shown,
  domNode: document.getElementById("viewer"),
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [searchEverything],
  layout: "BaseLayout",
  filter: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
  queryConfigEnabled: false,
  onComplete: () => {
    if (token !== null) viewer.preauthorizeApiKey("controlToken", token);
  },
});
// The viewer draws its parts when they are opened, and leaves most of its fields without a name.
const naming = new MutationObserver(() => {
  // A link leads to the operation that is open. The viewer can do that, but with links inside of buttons.
  const open = document.querySelector(".opblock.is-open")?.id ?? "";
  const control = document.getElementById(wanted)?.querySelector(".opblock-summary-control");
  if (control) wanted = "";
  if (control && open === "") control.click();
  else if (wanted === "" && location.hash.slice(1) !== open) history.replaceState(null, "", "#" + open);
  for (const field of document.querySelectorAll("#viewer :is(select, textarea, input):not([aria-label])")) {
    const parameter = field.closest("[data-param-name]")?.dataset.paramName;
    const name = field.matches(".operation-filter-input")
      ? "Search operations, parameters and texts"
      : field.id === "servers"
        ? "Server"
        : field.matches(".examples-select-element")
          ? "Example"
          : parameter ?? (field.matches("textarea") ? "Request body" : "Value");
    field.setAttribute("aria-label", name);
    if (field.matches(".operation-filter-input")) field.placeholder = name;
  }
  for (const heading of document.querySelectorAll("#viewer h3"))
    if (heading.textContent.includes("No operations defined")) heading.textContent = "No operation matches the search.";
  // It begins with the third level.
  for (const [headings, level] of [[".opblock-tag", 2], [".opblock-title", 3]])
    for (const heading of document.querySelectorAll(headings)) heading.setAttribute("aria-level", level);
  for (const [part, role, name] of parts) {
    const node = document.querySelector(part);
    node?.setAttribute("role", role);
    node?.setAttribute("aria-label", name);
  }
  // In a narrow window they scroll.
  for (const part of document.querySelectorAll(":is(.renderedMarkdown table, .info .description):not([tabindex])")) part.tabIndex = 0;
});
// A key is typed once, and all operations have it.
document.addEventListener("input", ({ target }) => {
  if (!target.closest("[data-param-name=apiKey]")) return;
  for (const { place } of keyed) {
    const parameters = viewer.specSelectors.specJson().getIn(["paths", ...place, "parameters"]);
    const parameter = parameters.find((each) => each.get("name") === "apiKey");
    viewer.specActions.changeParamByIdentity(place, parameter, target.value, false);
  }
});
const parts = [
  [".information-container", "region", "About this document"],
  [".scheme-container", "region", "Server"],
  [".filter", "search", "Operations"],
];
const toSearch = () => {
  const search = document.querySelector(".operation-filter-input");
  search.scrollIntoView({ block: "start" });
  search.focus({ preventScroll: true });
};
document.getElementById("to-search").addEventListener("click", toSearch);
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  toSearch();
});
naming.observe(document.getElementById("viewer"), { childList: true, subtree: true });
`;

/**
 * A page that shows an OpenAPI document and sends requests: one file, which loads nothing from anywhere.
 *
 * @param {{ info: { title: string }, servers: { url: string }[] }} document
 * @param {{ name: string, href: string }} other the other reference, relative to this page
 */
export function referencePage(document, other) {
  // In strings, templates and patterns alike, \x3c is the same character, and no tag to the HTML parser.
  const viewer = ofViewer("swagger-ui-bundle.js").replace(/<(?=\/?script|!--)/gi, "\\x3c");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy([viewer, start], document.servers)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${document.info.title}</title>
<style>${ofViewer("swagger-ui.css").replace(/\/\*#.*?\*\//g, "")}</style>
<style>${style}</style>
</head>
<body>
<nav class="own-bar" aria-label="Pages" hidden>
<strong>auto-extend mock</strong>
<button type="button" id="to-search">Search</button>
<a href="./">Dashboard</a>
<a href="./${other.href}">${other.name}</a>
</nav>
<p class="own-note">A browser lets a page call only its own server. To send requests from here, start the mock with
<code>npm start</code> and open <a href="${servers.mock.url}/docs">${servers.mock.url}/docs</a>.</p>
<div id="viewer"></div>
<script type="application/json" id="document">${JSON.stringify(document).replaceAll("<", "\\u003c")}</script>
<script type="text/plain">
${ofViewer("LICENSE")}
${ofViewer("NOTICE")}
${ofViewer("swagger-ui-bundle.js.LICENSE.txt")}</script>
<script>${viewer}</script>
<script type="module">${start}</script>
</body>
</html>
`;
}

/**
 * Nothing runs but the page's own scripts, nothing is loaded, and requests go to the page's own server, to the documented
 * ones and to others on this machine.
 *
 * @param {string[]} scripts
 * @param {{ url: string }[]} documented
 */
function policy(scripts, documented) {
  const hashes = scripts.map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  const hosts = documented.map(({ url }) => new URL(url).origin);
  return [
    "default-src 'none'",
    `script-src ${hashes.join(" ")}`,
    "style-src 'unsafe-inline'",
    "img-src data:",
    `connect-src 'self' ${[...new Set(hosts)].join(" ")} http://127.0.0.1:* http://localhost:*`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}
