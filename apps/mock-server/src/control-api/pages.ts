import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { servers } from "@auto-extend/core";
import type express from "express";
import type { Request, RequestHandler, Router } from "express";

/**
 * The mock's own web page, as it was built, and its documents with their pages. None of them loads anything from elsewhere.
 */

// Not a `new URL(..., import.meta.url)`, which Vite rewrites for tests in jsdom.
const packageFolder = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

export async function openApiDocument(request: Request): Promise<string> {
  const file = createRequire(import.meta.url).resolve("@auto-extend/core/openapi.json");
  return withOwnUrl(await readFile(file, "utf8"), request);
}

export async function referencePage(of: "api" | "control-api"): Promise<string> {
  return wholePage(await readFile(join(packageFolder, "pages", `${of}.html`), "utf8"));
}

function wholePage(text: string): string {
  return text.trimEnd().endsWith("</html>") ? text : refuseUnfinished();
}

/** While the package is built again, a file may be there and yet not be written to its end. */
function refuseUnfinished(): never {
  throw Object.assign(new Error("unfinished"), { code: "EAGAIN" });
}

export async function controlDocument(request: Request): Promise<string> {
  return withOwnUrl(await readFile(join(packageFolder, "control-api.json"), "utf8"), request);
}

/** Inserts the URL under which the mock was reached: it may listen on any port, or be mounted in another app. */
function withOwnUrl(text: string, request: Request): string {
  const document = parsed(text) ?? refuseUnfinished();
  const host = request.get("host");
  if (host === undefined) return text;
  const url = `${request.protocol}://${host}${request.baseUrl}`;
  for (const server of document.servers) if (server.url === servers.mock.url) server.url = url;
  return JSON.stringify(document, null, 2);
}

function parsed(text: string): { readonly servers: { url: string }[] } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const folder = join(packageFolder, "pages", "dashboard");

const policy = policyWith("'self'", "'self'");

/** The page itself has a stricter policy, which names its scripts. The viewer is one file that adds styles to its own elements. */
const referencePolicy = policyWith("'unsafe-inline'", "'unsafe-inline'");

function policyWith(scripts: string, styles: string): string {
  return [
    "default-src 'none'",
    `script-src ${scripts}`,
    `style-src ${styles}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Loads the first requests that the page needs (see its `live.ts`) while its files still load. It can't send a token. */
const preload = "<./__mock/requests?limit=40>; rel=preload; as=fetch; crossorigin";

export function dashboard(
  { Router: createRouter, static: serveFiles }: typeof express,
  needsToken: boolean,
): Router {
  const router = createRouter();
  router.use(guarded);
  router.get("/", (request, response) => {
    // The page's own links are relative, so that it can be mounted below any path.
    const { baseUrl, originalUrl } = request;
    if (baseUrl !== "" && originalUrl.split("?")[0] === baseUrl) return response.redirect(`${baseUrl}/`);
    const page = wholePage(readFileSync(join(folder, "index.html"), "utf8"));
    if (!needsToken) response.set("link", preload);
    response.set("cache-control", "no-cache").type("html").send(page);
  });
  router.get("/favicon.svg", (_, response) => response.sendFile("favicon.svg", { root: folder }));
  // The name of a file changes with its content. Only one that was found: a browser would keep an error for a year, too.
  const setHeaders = (response: ServerResponse) =>
    response.setHeader("cache-control", "public, max-age=31536000, immutable");
  const options = { index: false, redirect: false, cacheControl: false, setHeaders };
  router.use("/assets", serveFiles(join(folder, "assets"), options), refuseMissing);
  return router;
}

const guarded: RequestHandler = ({ path }, response, next) => {
  const isReference = /^\/docs(-control)?\/?$/.test(path);
  if (isReference || path === "/" || path.startsWith("/assets/") || path === "/favicon.svg") {
    response.set({
      "content-security-policy": isReference ? referencePolicy : policy,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
  }
  next();
};

/** A file of the page that is not there is being built again, or belongs to a page that was loaded before an update. */
const refuseMissing: RequestHandler = ({ path }, _, next) => {
  if (!/-[\w-]{8}\.(?:js|css)$/.test(path)) return next();
  next(Object.assign(new Error("no such file"), { code: "ENOENT" }));
};
