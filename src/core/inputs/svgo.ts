/** The SVG optimiser as a bundle of its own: it is large, and only SVG designs need it. */
export { optimize } from 'svgo/browser';
