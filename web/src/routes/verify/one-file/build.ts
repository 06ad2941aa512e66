/**
 * Builds the page that opens from disk, for whoever imports `virtual:one-file-page`: the same components as
 * the page of the exchange, bundled into one script and one style sheet.
 */
import { createHash } from 'node:crypto';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { type Plugin, type Rolldown, build } from 'vite';
import { onePage } from './embed.ts';

const ID = 'virtual:one-file-page';
const RESOLVED = `\0${ID}`;

export function oneFilePage(): Plugin {
  let made: Promise<string> | undefined;
  return {
    name: 'seam-one-file-page',
    resolveId: (id) => (id === ID ? RESOLVED : undefined),
    async load(id) {
      if (id !== RESOLVED) return undefined;
      made ??= buildPage();
      return `export default ${JSON.stringify(await made)};`;
    },
  };
}

async function buildPage(): Promise<string> {
  const built = await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'warn',
    publicDir: false,
    plugins: [tailwindcss(), svelte({ configFile: false, compilerOptions: { runes: true } })],
    build: {
      write: false,
      modulePreload: false,
      cssCodeSplit: false,
      rolldownOptions: {
        input: `${import.meta.dirname}/main.ts`,
        output: { format: 'iife', codeSplitting: false },
      },
    },
  });
  const { output } = built as Rolldown.RolldownOutput;
  const script = output.find((one) => one.type === 'chunk')?.code ?? '';
  const style = output.find((one) => one.fileName.endsWith('.css'));
  const css = style?.type === 'asset' ? String(style.source) : '';
  if (output.length !== 2 || script === '' || css === '')
    throw new Error(`the page has parts: ${output.map(({ fileName }) => fileName).join(', ')}`);
  return onePage(script, css, { script: hash(script), style: hash(css) });
}

const hash = (text: string): string => createHash('sha256').update(text).digest('base64');
