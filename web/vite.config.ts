import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import { oneFilePage } from './src/routes/verify/one-file/build.ts';

/**
 * Where `vite dev` finds the exchange. In production Kit runs inside the exchange's own process and
 * `/v1` never leaves it.
 */
const exchange = process.env['SEAM_API'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [
    oneFilePage(),
    tailwindcss(),
    sveltekit({
      adapter: adapter({ out: 'build', precompress: true }),
      compilerOptions: { runes: true },
      // Only the gate works without network: it registers the worker for itself alone.
      serviceWorker: { register: false },
      csp: {
        mode: 'auto',
        directives: {
          'default-src': ['self'],
          'script-src': ['self'],
          // Component libraries place floating panels with style attributes; <style> elements need the nonce.
          'style-src': ['self'],
          'style-src-attr': ['unsafe-inline'],
          'img-src': ['self', 'data:', 'blob:'],
          'font-src': ['self'],
          'connect-src': ['self'],
          'worker-src': ['self', 'blob:'],
          'frame-src': ['self', 'blob:'],
          'object-src': ['none'],
          'base-uri': ['self'],
          'form-action': ['self'],
          'frame-ancestors': ['none'],
        },
      },
    }),
  ],
  build: {
    rolldownOptions: {
      // The wire schemas are built by calls at the top of their modules; a page that uses only a table
      // beside them must not carry them.
      treeshake: { moduleSideEffects: [{ test: /\/packages\/(protocol|units)\/src\//, sideEffects: false }] },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/v1': { target: exchange, ws: true }, '/docs': exchange, '/openapi.json': exchange },
  },
});
