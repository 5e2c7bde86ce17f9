/** Short reads against servers that do not answer as engines do. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { connectEngine } from "../../../engine/docker/connect.ts";
import { EngineUnreachableError } from "../../../engine/error.ts";

const PING = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nServer: Docker/20.10.24\r\nContent-Length: 2\r\n\r\nOK";
const LIST = '[{"Id":"abc"}]';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Answers each request with these pieces, one after the other, and leaves the connection open. */
async function serve(answer: (request: string) => readonly string[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "tcompose-short-"));
  const path = join(directory, "engine.sock");
  const server: Server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (data: Buffer) => {
      const pieces = [...answer(data.toString())];
      const next = (): void => {
        const piece = pieces.shift();
        if (piece !== undefined) socket.write(piece, () => setImmediate(next));
      };
      next();
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  closing.push(async () => {
    server.close();
    await rm(directory, { recursive: true, force: true });
  });
  return `unix://${path}`;
}

const connect = async (host: string): ReturnType<typeof connectEngine> =>
  connectEngine({ env: {}, home: "/nonexistent", host });

describe("short reads", () => {
  it("end with the length that was told, where the connection stays open", async () => {
    const list = `HTTP/1.1 200 OK\r\nContent-Length: ${LIST.length}\r\n\r\n${LIST}`;
    const engine = await connect(await serve((request) => [request.includes("/_ping") ? PING : list]));
    expect(await engine.listContainers()).toMatchObject([{ Id: "abc" }]);
    engine.close();
  });

  it("take an answer that comes in pieces", async () => {
    const pieces = ["HT", "TP/1.0 200 OK\r\nContent-", `Length: ${LIST.length}\r`, "\n\r\n[", LIST.slice(1)];
    const engine = await connect(await serve((request) => (request.includes("/_ping") ? [...PING] : pieces)));
    expect(await engine.listContainers()).toMatchObject([{ Id: "abc" }]);
    engine.close();
  });

  it("leave a chunked answer to who can read it", async () => {
    const size = LIST.length.toString(16);
    const list = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${size}\r\n${LIST}\r\n0\r\n\r\n`;
    const engine = await connect(await serve((request) => [request.includes("/_ping") ? PING : list]));
    expect(await engine.listContainers()).toMatchObject([{ Id: "abc" }]);
    engine.close();
  });

  it("tell at once when it is no HTTP", async () => {
    const host = await serve(() => ["SSH-2.0-OpenSSH_9.2\r\n"]);
    const failure = connect(host);
    await expect(failure).rejects.toBeInstanceOf(EngineUnreachableError);
    await expect(failure).rejects.toThrow("it does not speak HTTP");
  });
});
