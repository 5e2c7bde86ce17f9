/** Settings and version are read once, at the start; the page's module is read anew when its file has changed. */
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";

const { greeting } = JSON.parse(readFileSync(new URL("config/settings.json", import.meta.url), "utf8"));
const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const page = new URL("src/page.mjs", import.meta.url);

const server = createServer((request, response) => {
  if (request.url === "/healthz") {
    response.end("ok\n");
    return;
  }
  loadPage()
    .then(({ renderPage }) => {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(renderPage({ greeting, version }));
    })
    .catch((error) => {
      // A mistake in the page is shown, and the next save tries again.
      response.statusCode = 500;
      response.end(`${error.stack}\n`);
    });
});

function loadPage() {
  const { ino, mtimeMs } = statSync(page);
  return import(`${page.href}?${ino}-${mtimeMs}`);
}

server.listen(3000, () => console.log("The page is at port 3000 of the container."));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => server.close(() => process.exit(0)));
