/**
 * How the programs that run inside a preview's frame are built: for the package, and for the tests that run them. They are always as they
 * would be in production: what an answer does there is what counts.
 */

/** @type {import('esbuild').BuildOptions} */
const SHARED = {
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'chrome140',
  minify: true,
  sourcemap: false,
  legalComments: 'none',
  define: {
    'process.env.NODE_ENV': '"production"',
    __VUE_OPTIONS_API__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
};

/**
 * @param {string} id one of `RUNTIMES`
 * @returns {import('esbuild').BuildOptions}
 */
export const runtimeOptions = (id) => ({ ...SHARED, entryPoints: { [`runtime-${id}`]: `src/runtimes/${id}.ts` } });
