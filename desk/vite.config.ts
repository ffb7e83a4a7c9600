import vue from "@vitejs/plugin-vue";
import elementPlus from "unplugin-element-plus/vite";
import { defineConfig } from "vitest/config";

// The brain serves what this builds (cti/web/files.py); names carry a digest, so that they can be
// kept for ever. `vite dev` talks to a running brain.
export default defineConfig({
  plugins: [vue(), elementPlus({})],
  build: {
    outDir: "../build/desk",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // the page's policy allows no data: address
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { "/api": { target: "http://127.0.0.1:12345", ws: true } } },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
    server: { deps: { inline: ["element-plus"] } },
  },
});
