/**
 * Loads what most mocks never need, and Express, which takes longer than everything else of the mock. This file is CommonJS
 * because `require` tries again after a failure, such as when no file descriptor was free, and bundlers follow it; `import()`
 * stays failed on Node 20.
 */

/** @returns {typeof import("express")} */
exports.loadExpress = () => require("express");

/** @returns {typeof import("https-proxy-agent")} */
exports.loadProxyAgent = () => require("https-proxy-agent");
