import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import { defineConfig } from "vitepress";
import { groups, pages } from "../pages.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { repository } = JSON.parse(readFileSync(join(root, "packages/core/package.json"), "utf8"));
const repositoryUrl = repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
const pagesFolder = join(root, "docs", "pages");
const known = new Map(pages.map(({ source, page }) => [source, page]));
const sources = new Map(pages.map(({ source, page }) => [page, source]));

const { warn } = console;
/** @type {string[]} */
const warnings = [];
// Where Vite, VitePress and their plugins report what they build in spite of.
console.warn = (...args) => {
  warnings.push(format(...args).trim());
  warn(...args);
};
/** The anchors and links of each page. @type {Map<string, { anchors: Set<string>, links: string[] }>} */
const built = new Map();

/** On a phone, a table of two columns shows both, and others need less scrolling. */
const narrowTables = `@media (max-width: 640px) {
  .vp-doc th, .vp-doc td { padding: 6px 8px; }
  .vp-doc td:first-child:nth-last-child(2) code { overflow-wrap: anywhere; }
}`;

export default defineConfig({
  title: "Auto-extend toolkit",
  description:
    "A mock server, client, CLI and contract tests for YouProxy's auto-extend request. Unofficial.",
  base: process.env.SITE_BASE ?? "/",
  srcDir: "./pages",
  outDir: "./dist",
  cacheDir: "./.vitepress/cache",
  cleanUrls: true,
  head: [
    ["link", { rel: "icon", href: "data:," }],
    ["style", {}, narrowTables],
  ],
  // The index of the search holds the text of all pages.
  vite: {
    build: { chunkSizeWarningLimit: 4_000 },
    plugins: [
      { name: "sources", configureServer: copyWhatChanges },
      { name: "licences", generateBundle: writeLicences },
    ],
  },
  transformHtml: noteLinks,
  buildEnd: failOnWarnings,
  markdown: { config: (md) => md.core.ruler.push("repository-links", rewriteLinks) },
  themeConfig: {
    search: { provider: "local", options: { miniSearch: { searchOptions: { boostDocument: guidesFirst } } } },
    outline: [2, 3],
    socialLinks: [{ icon: "github", link: repositoryUrl }],
    nav: [
      { text: "Start", link: "/" },
      { text: "Guides", link: "/mock-server" },
      { text: "Contract", link: "/reference/statements" },
      { text: "Reference", link: "/reference/packages/" },
      { text: "What goes wrong", link: "/what-goes-wrong" },
    ],
    sidebar: groups.map((group) => ({
      text: group.title,
      items: group.pages.map(({ page, title }) => ({ text: title, link: linkTo(page) })),
    })),
  },
});

/**
 * The names in the references of the packages would fill the top of nearly every search. It runs in the browser, by itself.
 *
 * @param {string} id the path of a section
 */
function guidesFirst(id) {
  return id.includes("/reference/packages/") ? 0.2 : 1;
}

/**
 * Shows changes of documents while the site is served: VitePress looks only at the copies.
 *
 * @param {import("vite").ViteDevServer} server
 */
function copyWhatChanges({ watcher }) {
  const copied = new Map([...known].map(([source, page]) => [join(root, source), page]));
  watcher.add([...copied.keys()]);
  watcher.on("change", (file) => {
    const page = copied.get(file);
    if (page !== undefined && !file.startsWith(pagesFolder)) copyFileSync(file, join(pagesFolder, page));
  });
}

/**
 * Writes what of others is in the pages, with the text of each licence.
 *
 * @this {{ emitFile(asset: { type: "asset", fileName: string, source: string }): unknown }}
 * @param {unknown} _
 * @param {Record<string, { type: string, modules: object }>} bundle
 */
function writeLicences(_, bundle) {
  const modules = Object.values(bundle).flatMap((part) =>
    part.type === "chunk" ? Object.keys(part.modules) : [],
  );
  const folders = modules.map((id) => /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? "");
  const texts = [...new Set(folders)].filter(Boolean).map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each)) ?? "package.json";
    return `## ${name} - ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  });
  this.emitFile({ type: "asset", fileName: "licenses.md", source: texts.sort().join("\n") });
}

/** @param {string} page */
function linkTo(page) {
  return `/${page.replace(/(?:^|(?<=\/))index\.md$|\.md$/, "")}`;
}

/**
 * Links are written for readers of the repository: those to a page lead to it on the site, those to any other file to the
 * repository.
 *
 * @param {{ env: { relativePath?: string }, tokens: readonly { children: unknown }[] }} state
 */
function rewriteLinks({ env, tokens }) {
  const file = join(root, sources.get(env.relativePath ?? "") ?? "");
  for (const token of tokens) {
    for (const child of token.children ?? []) {
      if (child.type !== "link_open") continue;
      const href = child.attrGet("href") ?? "";
      if (/^(?:[a-z]+:|#|\/)/i.test(href)) continue;
      child.attrSet("href", siteLink(file, href));
    }
  }
}

/**
 * @param {string} file
 * @param {string} href
 */
function siteLink(file, href) {
  const [path = "", hash] = href.split("#");
  const target = join(dirname(file), decodeURIComponent(path));
  const anchor = hash === undefined ? "" : `#${hash}`;
  if (!existsSync(target)) throw new Error(`${relative(root, file)} links to ${href}, which does not exist.`);
  const source = relative(root, target);
  const page = known.get(statSync(target).isDirectory() ? join(source, "README.md") : source);
  return page === undefined ? `${repositoryUrl}/blob/main/${source}${anchor}` : `${linkTo(page)}${anchor}`;
}

/**
 * @param {string} html
 * @param {string} _
 * @param {{ page: string }} context
 */
function noteLinks(html, _, { page }) {
  const valuesOf = (/** @type {RegExp} */ attribute) =>
    [...html.matchAll(attribute)].map(([, value = ""]) => value);
  built.set(linkTo(page), {
    anchors: new Set(valuesOf(/ id="([^"]+)"/g)),
    links: valuesOf(/<a [^>]*?href="([^"]+)"/g),
  });
}

/** VitePress itself knows dead pages only, and only warns of most other mistakes. */
function failOnWarnings({ site }) {
  const dead = [...built].flatMap(([page, { links }]) =>
    links.filter((link) => isDead(link, page, site.base)).map((link) => `dead link ${link} on ${page}`),
  );
  const problems = [...new Set([...warnings, ...dead])];
  if (problems.length > 0) throw new Error(`The site has mistakes:\n  ${problems.join("\n  ")}`);
}

/**
 * @param {string} link
 * @param {string} page
 * @param {string} base
 */
function isDead(link, page, base) {
  const here = "http://site.invalid";
  const { origin, pathname, hash } = new URL(link.replaceAll("&amp;", "&"), here + base + page.slice(1));
  if (origin !== here) return false;
  const target = built.get(`/${pathname.slice(base.length)}`);
  return target === undefined || (hash !== "" && !target.anchors.has(decodeURIComponent(hash.slice(1))));
}
