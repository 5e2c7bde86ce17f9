/** The session's services, called the way a builder calls them: gRPC over one in-memory connection. */
import { createServer, type Server } from "node:net";
import { connect as connectSocket, type AddressInfo, type Socket } from "node:net";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, type ClientHttp2Session } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MessageWriter, readFields } from "../../../engine/build/protobuf.ts";
import { fileSyncMethods, type SyncReport } from "../../../engine/build/session/file-sync.ts";
import { createGrpcClient, GrpcCallError } from "../../../engine/build/session/grpc-client.ts";
import { frameMessage, readMessages } from "../../../engine/build/session/grpc.ts";
import { serveGrpc, type GrpcMethods } from "../../../engine/build/session/grpc-server.ts";
import { credentialMethods, healthMethods, secretMethods } from "../../../engine/build/session/services.ts";
import { sshMethods } from "../../../engine/build/session/ssh-forward.ts";
import { BuildError } from "../../../engine/error.ts";
import type { RegistryCredentials } from "../../../engine/images/auth.ts";

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  close(): void;
}

async function socketPair(): Promise<Pair> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
  const near = connectSocket((server.address() as AddressInfo).port, "127.0.0.1");
  const far = await accepted;
  return {
    near,
    far,
    close: () => {
      near.destroy();
      far.destroy();
      server.close();
    },
  };
}

let pair: Pair;
let failures: unknown[];

beforeEach(async () => {
  pair = await socketPair();
  failures = [];
});
afterEach(() => {
  pair.close();
});

function serve(methods: GrpcMethods): void {
  serveGrpc(pair.near, methods, (error) => failures.push(error));
}

/** One request, all answers. */
async function ask(method: string, request: MessageWriter): Promise<Buffer[]> {
  const client = createGrpcClient(pair.far);
  const answers: Buffer[] = [];
  for await (const message of client.call(method, request.finish())) answers.push(Buffer.from(message));
  return answers;
}

function field(message: Buffer | undefined, number: number): string | undefined {
  const found = [...readFields(message ?? Buffer.alloc(0))].find((one) => one.number === number);
  return found?.bytes.toString();
}

describe("a build session", () => {
  it("is healthy", async () => {
    serve(healthMethods());
    const [answer] = await ask("/grpc.health.v1.Health/Check", new MessageWriter());
    expect([...readFields(answer ?? Buffer.alloc(0))].map((one) => one.value)).toEqual([1n]);
  });

  it("says that it does not offer what it does not offer", async () => {
    serve(healthMethods());
    await expect(ask("/some.Service/Method", new MessageWriter())).rejects.toMatchObject({ status: 12 });
  });

  it("gives secrets by id, and no others", async () => {
    serve(secretMethods(new Map([["token", () => Promise.resolve(Buffer.from("s3cret"))]])));
    const [answer] = await ask(
      "/moby.buildkit.secrets.v1.Secrets/GetSecret",
      new MessageWriter().text(1, "token"),
    );
    expect(field(answer, 1)).toBe("s3cret");
    expect(failures).toEqual([]);
  });

  it("reports a secret that cannot be read with its own error", async () => {
    serve(secretMethods(new Map([["token", () => Promise.reject(new BuildError("ünreadable, 100%"))]])));
    const error = await ask(
      "/moby.buildkit.secrets.v1.Secrets/GetSecret",
      new MessageWriter().text(1, "token"),
    ).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(GrpcCallError);
    expect((error as GrpcCallError).message).toBe("ünreadable, 100%");
    expect(failures).toHaveLength(1);
    expect(failures[0]).toBeInstanceOf(BuildError);
  });

  it("gives registry credentials by the registry's key", async () => {
    const asked: string[] = [];
    const credentials: RegistryCredentials = {
      forHost: (host) => {
        asked.push(host);
        return Promise.resolve({ username: "u", password: "p", serverAddress: host });
      },
      all: () => Promise.resolve([]),
    };
    serve(credentialMethods(credentials));
    const [answer] = await ask(
      "/moby.filesync.v1.Auth/Credentials",
      new MessageWriter().text(1, "registry-1.docker.io"),
    );
    expect([field(answer, 1), field(answer, 2)]).toEqual(["u", "p"]);
    expect(asked).toEqual(["https://index.docker.io/v1/"]);
  });

  it("carries bytes to an ssh agent and back", async () => {
    const agent = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        agent.push(`echo ${chunk.toString()}`);
        agent.push(null);
        done();
      },
    });
    serve(sshMethods(new Map([["default", () => Promise.resolve(agent)]])));
    const answers = await ask(
      "/moby.sshforward.v1.SSH/ForwardAgent",
      new MessageWriter().bytes(1, Buffer.from("ping")),
    );
    expect(answers.map((answer) => field(answer, 1))).toEqual(["echo ping"]);
  });
});

/** The builder's side of DiffCopy: takes the list, asks for some files, says that it is done. */
async function synchronize(
  session: ClientHttp2Session,
  headers: Readonly<Record<string, string | string[]>>,
  wanted: (path: string) => boolean,
): Promise<{ readonly paths: string[]; readonly content: Map<string, string> }> {
  const stream = session.request({
    ":method": "POST",
    ":path": "/moby.filesync.v1.FileSync/DiffCopy",
    ...headers,
  });
  const paths: string[] = [];
  const content = new Map<string, string>();
  let open = 0;
  let isListed = false;
  const send = (write: (packet: MessageWriter) => void): void => {
    const packet = new MessageWriter();
    write(packet);
    stream.write(frameMessage(packet.finish()));
  };
  const finishWhenDone = (): void => {
    if (isListed && open === 0) send((packet) => packet.number(1, 3));
  };
  for await (const message of readMessages(stream)) {
    const fields = [...readFields(message)];
    const type = Number(fields.find((one) => one.number === 1)?.value ?? 0);
    if (type === 0) {
      const stat = fields.find((one) => one.number === 2)?.bytes;
      if (stat === undefined) {
        isListed = true;
        finishWhenDone();
        continue;
      }
      const path = field(stat, 1) ?? "";
      const id = paths.push(path) - 1;
      const mode = Number([...readFields(stat)].find((one) => one.number === 2)?.value ?? 0);
      if (mode < 0o1000 && wanted(path)) {
        open += 1;
        content.set(path, "");
        send((packet) => packet.number(1, 1).number(3, id));
      }
    } else if (type === 2) {
      const path = paths[Number(fields.find((one) => one.number === 3)?.value ?? 0)] ?? "";
      const data = fields.find((one) => one.number === 4)?.bytes ?? Buffer.alloc(0);
      if (data.length > 0) content.set(path, (content.get(path) ?? "") + data.toString());
      else {
        open -= 1;
        finishWhenDone();
      }
    } else if (type === 3) stream.end();
  }
  return { paths, content };
}

describe("file synchronisation", () => {
  let root: string;
  let reports: SyncReport[];
  let session: ClientHttp2Session;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "tcompose-sync-"));
    reports = [];
    serve(
      fileSyncMethods(new Map([["context", { kind: "directory", root }]]), (_, report) =>
        reports.push(report),
      ),
    );
    session = connect("http://session", { createConnection: () => pair.far });
    for (const path of ["a.txt", "b/c.txt", "b/d.log", "b.txt", "skip/x/y.txt", "skip/keep.txt"]) {
      mkdirSync(join(root, path, ".."), { recursive: true });
      writeFileSync(join(root, path), `content of ${path}`);
    }
    symlinkSync("b/c.txt", join(root, "link"));
  });
  afterEach(() => {
    session.destroy();
    rmSync(root, { recursive: true });
  });

  it("lists in the builder's order and sends only what is asked for", async () => {
    const { paths, content } = await synchronize(
      session,
      { "dir-name": "context" },
      (path) => path === "b/c.txt",
    );
    expect(paths).toEqual([
      "a.txt",
      "b",
      "b/c.txt",
      "b/d.log",
      "b.txt",
      "link",
      "skip",
      "skip/keep.txt",
      "skip/x",
      "skip/x/y.txt",
    ]);
    expect([...content]).toEqual([["b/c.txt", "content of b/c.txt"]]);
    expect(reports).toEqual([{ bytes: 18, files: 1 }]);
  });

  it("leaves out what the patterns exclude, keeping the way to exceptions", async () => {
    const { paths } = await synchronize(
      session,
      { "dir-name": "context", "exclude-patterns": ["**/*.log", "skip", "!skip/x/y.txt", "a, b"] },
      () => false,
    );
    expect(paths).toEqual(["a.txt", "b", "b/c.txt", "b.txt", "link", "skip", "skip/x", "skip/x/y.txt"]);
  });

  it("takes in the targets of links that a step copies", async () => {
    const { paths } = await synchronize(
      session,
      { "dir-name": "context", followpaths: ["link", "a*"] },
      () => false,
    );
    expect(paths).toEqual(["a.txt", "b", "b/c.txt", "link"]);
  });

  it.each([
    ["as raw UTF-8, by Docker 20.10", (text: string) => ({ values: Buffer.from(text).toString("latin1") })],
    [
      "percent-encoded, by newer ones",
      (text: string) => ({ values: encodeURIComponent(text), encoded: "1" }),
    ],
  ])("reads patterns that are not ASCII: sent %s", async (_, send) => {
    writeFileSync(join(root, "naïve ü.txt"), "");
    const { values, encoded } = { encoded: undefined, ...send("naïve ü.txt") };
    const { paths } = await synchronize(
      session,
      {
        "dir-name": "context",
        "exclude-patterns": values,
        ...(encoded === undefined ? {} : { "exclude-patterns-encoded": encoded }),
      },
      () => false,
    );
    expect(paths).toContain("a.txt");
    expect(paths).not.toContain("naïve ü.txt");
  });

  it("takes hundreds of patterns", async () => {
    const many = Array.from({ length: 400 }, (_, i) => `never-${i}/**`);
    const { paths } = await synchronize(
      session,
      { "dir-name": "context", "exclude-patterns": [...many, "*"] },
      () => false,
    );
    expect(paths).toEqual([]);
  });
});
