/** A scenario's own copy of its directory, free to be changed. */
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export class StackCopy {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** @param source the scenario's directory; its tests are not copied */
  static async of(source: string): Promise<StackCopy> {
    const directory = await realpath(await mkdtemp(join(tmpdir(), "tct-")));
    await cp(source, directory, { recursive: true, filter: (path) => !path.endsWith(".test.ts") });
    return new StackCopy(directory);
  }

  path(file: string): string {
    return join(this.directory, file);
  }

  async read(file: string): Promise<string> {
    return readFile(this.path(file), "utf8");
  }

  async write(file: string, text: string): Promise<void> {
    await mkdir(dirname(this.path(file)), { recursive: true });
    await writeFile(this.path(file), text);
  }

  /** Replaces the one place that reads `from`. Returns the 1-based line it is on. */
  async edit(file: string, from: string, to: string): Promise<number> {
    const text = await this.read(file);
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`${file} has "${from}" ${parts.length - 1} times`);
    await this.write(file, parts.join(to));
    return (parts[0] ?? "").split("\n").length;
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** A TCP port of this host that nobody listens on. */
export async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((done) => {
    server.listen(0, done);
  });
  const address = server.address();
  await new Promise<void>((done) => {
    server.close(() => done());
  });
  if (address === null || typeof address === "string") throw new Error("no port");
  return String(address.port);
}
