import { once } from "node:events";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { connectEngine } from "../../../engine/docker/connect.ts";
import type { EngineApi } from "../../../engine/docker/api.ts";
import type { CallRecord } from "../../../engine/docker/transport.ts";
import {
  AbortedError,
  EngineProtocolError,
  EngineResponseError,
  EngineUnreachableError,
} from "../../../engine/error.ts";
import { startEngineServer, type EngineServer } from "../../support/engine-server.ts";

const home = "/nonexistent";

function connect({ host }: EngineServer, onCall?: (record: CallRecord) => void): Promise<EngineApi> {
  return connectEngine({ env: {}, home, host, onCall });
}

async function drain<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

describe("requests", () => {
  it("sends versioned paths with encoded filters after one ping", async () => {
    await using server = await startEngineServer((_request, response) => response.end("[]"));
    const engine = await connect(server);
    await engine.listContainers({ filters: { label: ["a=b"] } });
    await engine.listImages();
    expect(server.requests).toEqual([
      "GET /_ping",
      `GET /v1.41/containers/json?all=1&filters=${encodeURIComponent('{"label":["a=b"]}')}`,
      "GET /v1.41/images/json",
    ]);
    engine.close();
  });

  it("keeps the connection of calls that change something", async () => {
    await using server = await startEngineServer((_request, response) => response.writeHead(204).end());
    const engine = await connect(server);
    const before = server.connections();
    await engine.startContainer("web");
    await engine.stopContainer("web", {});
    await engine.startContainer("web");
    expect(server.connections()).toBe(before + 1);
    engine.close();
  });

  it("counts calls, and which of them could change something", async () => {
    await using server = await startEngineServer((_request, response) => response.writeHead(204).end());
    const records: CallRecord[] = [];
    const engine = await connect(server, (record) => records.push(record));
    await engine.startContainer("web");
    await engine.resizeContainer("web", { columns: 80, rows: 24 });
    expect(records.map(({ method, path, status, mutating }) => [method, path, status, mutating])).toEqual([
      ["GET", "/_ping", 200, false],
      ["POST", "/containers/web/start", 204, true],
      ["POST", "/containers/web/resize", 204, false],
    ]);
    engine.close();
  });

  it("takes null for an empty list and 404 for nothing there", async () => {
    await using server = await startEngineServer((request, response) => {
      if (request.url === "/v1.41/volumes") response.end('{"Volumes":null}');
      else response.writeHead(404).end('{"message":"no such thing"}');
    });
    const engine = await connect(server);
    expect(await engine.listVolumes()).toEqual([]);
    expect(await engine.inspectNetwork("x")).toBeUndefined();
    await engine.removeContainer("x");
    engine.close();
  });

  it("streams a body with backpressure and passes on why its source broke", async () => {
    let received = 0;
    await using server = await startEngineServer((request, response) => {
      request.on("data", (data: Buffer) => (received += data.length));
      request.on("end", () => response.end());
    });
    const engine = await connect(server);
    const chunk = Buffer.alloc(65_536);
    await engine.putArchive("web", "/", Readable.from(Array.from({ length: 64 }, () => chunk)));
    expect(received).toBe(64 * 65_536);
    const broken = Readable.from(
      (function* () {
        yield chunk;
        throw new TypeError("file vanished");
      })(),
    );
    await expect(engine.putArchive("web", "/", broken)).rejects.toThrow(/could not be read: file vanished/);
    engine.close();
  });

  it("tries a call again when the kept-alive connection had been closed", async () => {
    await using server = await startEngineServer((request, response) => {
      response.end("[]");
      // Closes after the answer, so that the next request meets a dead connection.
      response.once("finish", () => setImmediate(() => request.socket.destroy()));
    });
    const engine = await connect(server);
    for (let round = 0; round < 5; round += 1) expect(await engine.listContainers()).toEqual([]);
    engine.close();
  });
});

describe("failures", () => {
  it("maps an error answer to its status, operation and message", async () => {
    await using server = await startEngineServer((_request, response) =>
      response.writeHead(409).end('{"message":"name is taken"}'),
    );
    const engine = await connect(server);
    const failure = engine.createContainer("web", { Image: "x", HostConfig: {} });
    await expect(failure).rejects.toBeInstanceOf(EngineResponseError);
    await expect(failure).rejects.toMatchObject({
      status: 409,
      operation: "POST /containers/create",
      engineMessage: "name is taken",
    });
    engine.close();
  });

  it("sees what Podman means by its status 500", async () => {
    await using server = await startEngineServer((_request, response) =>
      response.writeHead(500).end('{"cause":"that name is already in use","message":"taken","response":500}'),
    );
    const engine = await connect(server);
    await expect(engine.renameContainer("a", "b")).rejects.toMatchObject({ status: 409 });
    engine.close();
  });

  it("reports broken JSON, in answers and in streams", async () => {
    await using server = await startEngineServer((request, response) => {
      if (request.url?.includes("events") === true) response.end('{"Type":"container"}\n{"Type":\n');
      else response.end("<html>");
    });
    const engine = await connect(server);
    await expect(engine.listContainers()).rejects.toThrow(/GET \/containers\/json is not JSON: <html>/);
    await expect(engine.info()).rejects.toBeInstanceOf(EngineProtocolError);
    await expect(drain(engine.events({}))).rejects.toBeInstanceOf(EngineProtocolError);
    engine.close();
  });

  it("reports a connection that is cut inside an answer or a stream", async () => {
    await using server = await startEngineServer((request, response) => {
      response.writeHead(200, request.url?.includes("logs") === true ? {} : { "Content-Length": "100" });
      response.write("[1,");
      setImmediate(() => request.socket.destroy());
    });
    const engine = await connect(server);
    await expect(engine.listContainers()).rejects.toThrow(EngineProtocolError);
    await expect(engine.listContainers()).rejects.toThrow(/broke during GET \/containers\/json/);
    await expect(drain(engine.containerLogs("web", { tty: true }))).rejects.toThrow(EngineProtocolError);
    engine.close();
  });

  it("says that the engine is gone when it goes away between calls", async () => {
    const server = await startEngineServer((_request, response) => response.end("[]"));
    const engine = await connect(server);
    await server[Symbol.asyncDispose]();
    await expect(engine.startContainer("web")).rejects.toBeInstanceOf(EngineUnreachableError);
    engine.close();
  });

  it("rejects a pull whose stream reports an error", async () => {
    await using server = await startEngineServer((_request, response) =>
      response.end('{"status":"Pulling"}\r\n{"errorDetail":{"message":"denied"},"error":"denied"}\r\n'),
    );
    const engine = await connect(server);
    await expect(drain(engine.pullImage("registry.test:5000/team/app@sha256:abc"))).rejects.toThrow("denied");
    expect(server.requests.at(-1)).toBe(
      "POST /v1.41/images/create?fromImage=registry.test%3A5000%2Fteam%2Fapp&tag=sha256%3Aabc",
    );
    engine.close();
  });
});

describe("abort", () => {
  it("serves many calls with one signal, without a warning", async () => {
    await using server = await startEngineServer((_request, response) => response.end("[]"));
    const engine = await connect(server);
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on("warning", note);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 30 }, () => engine.listContainers({ signal })));
    process.off("warning", note);
    expect(warnings).toEqual([]);
    engine.close();
  });

  it("ends a call that gets no answer", async () => {
    const controller = new AbortController();
    await using server = await startEngineServer(() => controller.abort());
    const engine = await connect(server);
    await expect(engine.stopContainer("web", { signal: controller.signal })).rejects.toBeInstanceOf(
      AbortedError,
    );
    engine.close();
  });

  it("ends an answer that does not end", async () => {
    const controller = new AbortController();
    await using server = await startEngineServer((_request, response) => {
      response.write("[");
      setImmediate(() => controller.abort());
    });
    const engine = await connect(server);
    await expect(engine.listContainers({ signal: controller.signal })).rejects.toBeInstanceOf(AbortedError);
    engine.close();
  });

  it("ends a body that is being sent", async () => {
    const controller = new AbortController();
    await using server = await startEngineServer((request) => request.once("data", () => controller.abort()));
    const engine = await connect(server);
    const endless = new Readable({ read: (size) => void endless.push(Buffer.alloc(size)) });
    const put = engine.putArchive("web", "/", endless, { signal: controller.signal });
    const closed = once(endless, "close");
    await expect(put).rejects.toBeInstanceOf(AbortedError);
    await closed;
    engine.close();
  });

  it("ends a stream between its items and closes the connection when the reader leaves", async () => {
    let close = (): void => undefined;
    const closed = new Promise<void>((resolve) => (close = resolve));
    await using server = await startEngineServer((request, response) => {
      response.write('{"Action":"start","Actor":{}}\n');
      request.once("close", close);
    });
    const engine = await connect(server);
    for await (const { Action } of engine.events({})) {
      expect(Action).toBe("start");
      break;
    }
    await closed;
    engine.close();
  });
});

describe("upgrade", () => {
  it("gives a raw connection after 101, with what came along", async () => {
    await using server = await startEngineServer(() => undefined, {
      upgrade(_request, socket) {
        socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nfirst ");
        socket.on("data", (data) => socket.end(`echo ${data.toString()}`));
      },
    });
    const engine = await connect(server);
    const stream = await engine.startExec("abc", { tty: true });
    stream.write("typed");
    expect(Buffer.concat(await drain<Buffer>(stream)).toString()).toBe("first echo typed");
    engine.close();
  });

  it("gives a raw connection after 200 too", async () => {
    await using server = await startEngineServer(() => undefined, {
      upgrade(_request, socket) {
        socket.write("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nfirst ");
        socket.on("data", (data) => socket.end(`echo ${data.toString()}`));
      },
    });
    const engine = await connect(server);
    const stream = await engine.attachContainer("abc", { stdin: true, stdout: true });
    stream.write("typed");
    expect(Buffer.concat(await drain<Buffer>(stream)).toString()).toBe("first echo typed");
    engine.close();
  });

  it("rejects with the engine's refusal", async () => {
    await using server = await startEngineServer(() => undefined, {
      upgrade(_request, socket) {
        const body = '{"message":"not running"}';
        socket.end(`HTTP/1.1 409 Conflict\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      },
    });
    const engine = await connect(server);
    await expect(engine.startExec("abc", { tty: false })).rejects.toMatchObject({
      status: 409,
      engineMessage: "not running",
    });
    engine.close();
  });

  it("closes the connection on abort", async () => {
    const controller = new AbortController();
    await using server = await startEngineServer(() => undefined, {
      upgrade(_request, socket) {
        socket.on("error", () => undefined);
        socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
      },
    });
    const engine = await connect(server);
    const stream = await engine.startExec("abc", { tty: true, signal: controller.signal });
    const reading = drain(stream);
    controller.abort();
    await expect(reading).rejects.toBeInstanceOf(AbortedError);
    engine.close();
  });
});
