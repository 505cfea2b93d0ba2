/** Layout of the pages about tasks; colours come from the common theme. */
export const pageCss = `
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: var(--surface, Canvas); color: var(--text, CanvasText); }
main { max-width: 70rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.3rem; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
pre { overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; padding: .75rem 1rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: .5rem; font-size: 13px; }
ul { padding-left: 1.2rem; }
ins { color: light-dark(#1a7f37, #3fb950); text-decoration: none; }
del { color: light-dark(#b42318, #f85149); text-decoration: none; }
.d2h-code-line, .d2h-code-line-ctn { white-space: pre-wrap; overflow-wrap: anywhere; width: auto; }
.d2h-code-linenumber { position: static; }
.d2h-file-wrapper { overflow-x: auto; background: #fff; color: #1f2328; }
`;
