import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// While one works on the page: `SCHAKEL_AGENT=https://localhost:8443 npm run dev`.
const agent = process.env.SCHAKEL_AGENT ?? 'https://localhost:8443';

export default defineConfig({
  base: './',
  plugins: [svelte()],
  resolve: process.env.VITEST ? { conditions: ['browser'] } : undefined,
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // The policy lets nothing in that is not a file of ours.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 200,
  },
  server: {
    host: 'localhost',
    proxy: { '/v1': { target: agent, secure: false, changeOrigin: true, headers: { origin: agent } } },
  },
  test: {
    environment: 'jsdom',
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    restoreMocks: true,
  },
});
