/** Exit code 0 when the API answers and reaches the database and the cache. */
const response = await fetch("http://127.0.0.1:3000/healthz").catch(() => undefined);
process.exit(response?.ok ? 0 : 1);
