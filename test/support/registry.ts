/** A real registry on loopback (Debian's `docker-registry`), open or behind a password. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = "docker-registry";
/** bcrypt of "s3cret". */
const HTPASSWD = "someone:$2b$04$Jlxm4ZR3llTgOQq9gzqTE.g0iGiycGlvZcf6O4bs2RW.RIwApOJlC\n";

export const hasRegistry = spawnSync(PROGRAM, ["--version"]).error === undefined;
export interface Registry {
  readonly host: string;
  stop(): void;
}

/** With a password: user `someone`, password `s3cret`. */
export async function startRegistry(withAuth: boolean): Promise<Registry> {
  return serve(`127.0.0.1:${await freePort()}`, { withAuth, before: [] });
}

/** @param before the program, to start it in another network; the port there is the caller's to choose */
export function startRegistryAt(
  host: string,
  before: readonly string[],
  withAuth = false,
): Promise<Registry> {
  return serve(host, { withAuth, before });
}

async function serve(
  host: string,
  { withAuth, before }: { readonly withAuth: boolean; readonly before: readonly string[] },
): Promise<Registry> {
  const directory = mkdtempSync(join(tmpdir(), "tcompose-registry-"));
  writeFileSync(join(directory, "htpasswd"), HTPASSWD);
  const auth = `auth: {htpasswd: {realm: test, path: ${join(directory, "htpasswd")}}}\n`;
  writeFileSync(
    join(directory, "config.yml"),
    `version: 0.1\nstorage: {filesystem: {rootdirectory: ${join(directory, "data")}}}\nhttp: {addr: "${host}"}\n${withAuth ? auth : ""}`,
  );
  const [program, ...args] = [...before, PROGRAM, "serve", join(directory, "config.yml")];
  const child = spawn(program, args, {
    stdio: ["ignore", "ignore", "pipe"],
  });
  await isListening(child);
  return {
    host,
    stop: () => {
      child.kill();
      rmSync(directory, { recursive: true });
    },
  };
}

async function isListening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stderr?.on("data", (data: Buffer) => {
      text += data.toString();
      if (text.includes("listening on")) resolve();
    });
    child.once("exit", () => {
      reject(new Error(`${PROGRAM} ended: ${text}`));
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
