// Answers with its version after 10 ms; finishes what it has begun when it is told to stop.
const { createServer } = require("node:http");

if (process.env.FAIL === "yes") process.exit(3);
const server = createServer((_, answer) => setTimeout(() => answer.end(process.env.VERSION), 10));
server.listen(8080);
process.on("SIGTERM", () => server.close(() => process.exit(0)));
