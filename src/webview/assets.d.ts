/** Style sheets are bundled beside the script; importing one has no value. */
declare module '*.css';

/** The bundle of a program that runs inside a preview's frame, as the text of a classic script. */
declare module '*?frame' {
  const script: string;
  export default script;
}
