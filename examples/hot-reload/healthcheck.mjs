const { ok } = await fetch("http://127.0.0.1:3000/healthz");
process.exit(ok ? 0 : 1);
