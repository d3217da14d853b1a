import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type express from "express";
import type { RequestHandler, Router } from "express";

/** The mock's web page, as it was built. It loads nothing from elsewhere, and has no script or style of its own inside. */

const folder = fileURLToPath(new URL("../../pages/dashboard/", import.meta.url));

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Serves the page at `/`, and the files that it loads. */
export function dashboard({ Router: createRouter, static: serveFiles }: typeof express): Router {
  const router = createRouter();
  const files = { index: false, redirect: false, cacheControl: false } as const;
  router.use(guarded);
  router.get("/", (request, response) => {
    // The page's own links are relative, so that it can be mounted below any path.
    const { baseUrl, originalUrl } = request;
    if (baseUrl !== "" && originalUrl.split("?")[0] === baseUrl) return response.redirect(`${baseUrl}/`);
    response
      .set("cache-control", "no-cache")
      .type("html")
      .send(readFileSync(`${folder}index.html`, "utf8"));
  });
  router.get("/favicon.svg", (_, response) => response.sendFile("favicon.svg", { root: folder }));
  // Their names change with their content.
  router.use("/assets", immutable, serveFiles(`${folder}/assets`, files));
  return router;
}

const guarded: RequestHandler = ({ path }, response, next) => {
  if (path === "/" || path.startsWith("/assets/") || path === "/favicon.svg") {
    response.set({
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
  }
  next();
};

const immutable: RequestHandler = (_, response, next) => {
  response.set("cache-control", "public, max-age=31536000, immutable");
  next();
};
