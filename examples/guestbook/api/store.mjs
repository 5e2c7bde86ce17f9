/** Entries live in PostgreSQL; the counter and a copy of the newest entries live in Redis. */
import { readFile } from "node:fs/promises";
import pg from "pg";
import { createClient } from "redis";

const NEWEST = 50;
const CACHE_SECONDS = 30;

export async function openStore(env) {
  const password = (await readFile(env.DB_PASSWORD_FILE, "utf8")).trim();
  const pool = new pg.Pool({ host: env.DB_HOST, user: env.DB_USER, database: env.DB_NAME, password, max: 5 });
  pool.on("error", (error) => console.error(`database: ${error.message}`));
  const redis = createClient({ url: env.REDIS_URL });
  redis.on("error", (error) => console.error(`cache: ${error.message}`));
  await redis.connect();

  return {
    countVisit: () => redis.incr("visits"),
    readVisits: async () => Number((await redis.get("visits")) ?? 0),

    async listEntries() {
      const cached = await redis.get("entries");
      if (cached !== null) return JSON.parse(cached);
      const { rows } = await pool.query(
        "SELECT id, author, message, written_at FROM entry ORDER BY written_at DESC, id DESC LIMIT $1",
        [NEWEST],
      );
      await redis.set("entries", JSON.stringify(rows), { EX: CACHE_SECONDS });
      return rows;
    },

    async addEntry(author, message) {
      const { rows } = await pool.query(
        "INSERT INTO entry (author, message) VALUES ($1, $2) RETURNING id, author, message, written_at",
        [author, message],
      );
      await redis.del("entries");
      return rows[0];
    },

    ping: () => Promise.all([pool.query("SELECT 1"), redis.ping()]),
    close: () => Promise.all([pool.end(), redis.close()]),
  };
}
