import { defineConfig, type ProxyOptions } from "vite";

/** The mock that the page shows while it is being changed: `npm run dev` sets it. */
const mock = process.env.MOCK_URL ?? "http://127.0.0.1:4010";

const proxy: ProxyOptions = {
  target: mock,
  changeOrigin: true,
  // The mock takes changes from its own page alone.
  configure: (server) => void server.on("proxyReq", (request) => request.setHeader("origin", mock)),
};

export default defineConfig({
  server: {
    host: "127.0.0.1",
    proxy: { "/__mock": proxy, "/client": proxy, "/openapi.json": proxy, "/docs": proxy },
  },
  // The mock may be mounted below a path of another app.
  base: "./",
  build: {
    target: "es2022",
    // The page's policy forbids inline content.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: "licenses.md" },
  },
});
