/** HTTP: the page, the entries as JSON, a health endpoint. */
import { createServer } from "node:http";
import { openStore } from "./store.mjs";
import { renderPage } from "./page.mjs";

const PORT = 3000;
const LARGEST_BODY = 16 * 1024;
const store = await openStore(process.env);

const routes = {
  "GET /": async (_request, response) => {
    const [visits, entries] = [await store.countVisit(), await store.listEntries()];
    reply(response, 200, "text/html", renderPage({ greeting: process.env.GREETING, visits, entries }));
  },
  "POST /": async (request, response) => {
    const form = new URLSearchParams(await readBody(request));
    await store.addEntry(form.get("author"), form.get("message"));
    response.writeHead(303, { location: "/" }).end();
  },
  "GET /api/entries": async (_request, response) => {
    replyJson(response, 200, { visits: await store.readVisits(), entries: await store.listEntries() });
  },
  "POST /api/entries": async (request, response) => {
    const { author, message } = JSON.parse(await readBody(request));
    replyJson(response, 201, await store.addEntry(author, message));
  },
  "GET /healthz": async (_request, response) => {
    await store.ping();
    reply(response, 200, "text/plain", "ok\n");
  },
};

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://guestbook");
  const route = routes[`${request.method} ${pathname}`];
  const done = route?.(request, response) ?? reply(response, 404, "text/plain", "not found\n");
  Promise.resolve(done).then(
    () => console.log(`${request.method} ${pathname} ${response.statusCode}`),
    (error) => {
      console.error(`${request.method} ${pathname}: ${error.message}`);
      reply(
        response,
        error instanceof SyntaxError || error.code === "23502" || error.code === "23514" ? 400 : 503,
        "text/plain",
        `${error.message}\n`,
      );
    },
  );
});

server.listen(PORT, () => console.log(`listening on ${PORT}`));
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => {
    server.close(() => void store.close().then(() => process.exit(0)));
    server.closeIdleConnections();
  });
}

function reply(response, status, type, body) {
  response.writeHead(status, { "content-type": `${type}; charset=utf-8` }).end(body);
}

function replyJson(response, status, value) {
  reply(response, status, "application/json", JSON.stringify(value));
}

async function readBody(request) {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > LARGEST_BODY) throw new SyntaxError("the entry is too long");
  }
  return text;
}
