/**
 * Programs of ours that run inside a preview's frame are imported by the page as text: `import probe from './probe.ts?frame'` gives the
 * file's bundle, a classic script.
 */
import { resolve } from 'node:path';
import { build } from 'esbuild';

/** @type {import('esbuild').Plugin} */
export const inFrame = {
  name: 'in-frame',
  setup(builder) {
    builder.onResolve({ filter: /\?frame$/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path.replace(/\?frame$/, '')),
      namespace: 'in-frame',
    }));
    builder.onLoad({ filter: /./, namespace: 'in-frame' }, async ({ path }) => {
      const bundle = await build({
        entryPoints: [path],
        bundle: true,
        write: false,
        metafile: true,
        format: 'iife',
        platform: 'browser',
        target: 'chrome140',
        minify: true,
        legalComments: 'none',
      });
      const watchFiles = Object.keys(bundle.metafile.inputs).map((file) => resolve(file));
      return { contents: bundle.outputFiles[0]?.text.trim() ?? '', loader: 'text', watchFiles };
    });
  },
};
