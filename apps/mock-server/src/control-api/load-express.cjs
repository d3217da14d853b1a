/**
 * Loads Express, which takes longer than everything else of the mock, and most mocks never need it. This file is CommonJS
 * because `require` tries again after a failure, such as when no file descriptor was free, and bundlers follow it; `import()`
 * stays failed on Node 20.
 *
 * @returns {typeof import("express")}
 */
exports.loadExpress = function loadExpress() {
  return require("express");
};
