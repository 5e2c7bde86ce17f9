/** Edit this text while `tcompose up --watch` runs, and load the page again. */
export function renderPage({ greeting, version }) {
  return `<!doctype html>
<title>Hot reload</title>
<h1>${greeting}</h1>
<p>Version ${version} of the image.</p>
`;
}
