/**
 * Loads what only a mock with an upstream server needs. CommonJS for the same reason as `load-express.cjs`.
 *
 * @returns {typeof import("proxy-from-env")}
 */
exports.loadProxyFromEnv = function loadProxyFromEnv() {
  return require("proxy-from-env");
};

/** @returns {typeof import("https-proxy-agent")} */
exports.loadProxyAgent = function loadProxyAgent() {
  return require("https-proxy-agent");
};
