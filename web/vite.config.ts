import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const house = fileURLToPath(new URL("..", import.meta.url));

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    // The map's library is one module of its own and is fetched only where a map is drawn.
    chunkSizeWarningLimit: 1200,
    license: { fileName: "licenses.md" },
  },
  server: {
    fs: { allow: [house] },
    proxy: { "/v1": "http://127.0.0.1:8765", "/health": "http://127.0.0.1:8765" },
  },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});
