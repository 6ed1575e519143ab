/** Tailwind CSS in a preview's frame, as it comes: it watches the document for class names and writes their styles into it. */
import '@tailwindcss/browser';
