// A proxy as small as can be: it looks up `web` for each request, and asks again where a connection is refused.
const { createServer, request } = require("node:http");

function forward(answer, attempts) {
  const asked = request({ host: "web", port: 8080, agent: false }, (got) => {
    answer.writeHead(got.statusCode);
    got.pipe(answer);
  });
  asked.on("error", () => {
    if (attempts > 0 && !answer.headersSent) setTimeout(() => forward(answer, attempts - 1), 20);
    else answer.writeHead(502).end();
  });
  asked.end();
}

createServer((_, answer) => forward(answer, 5)).listen(8080);
process.on("SIGTERM", () => process.exit(0));
