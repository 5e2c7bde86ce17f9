/** A fake container whose exec runs on this machine: what the sync script does is done by a real shell. */
import { spawn, type ChildProcess } from "node:child_process";
import type { FakeExecProcess } from "../../support/fake-engine/behaviour.ts";

/** `shell` stands in for /bin/sh of the image; `running` gets the processes. */
export function runLocally(shell: readonly string[] = ["/bin/sh"], running = new Set<ChildProcess>()) {
  return ({ command, stdin, stdout }: FakeExecProcess): Promise<number> => {
    const words = command[0] === "/bin/sh" ? [...shell, ...command.slice(1)] : command;
    const child = spawn(words[0] ?? "", words.slice(1), { stdio: ["pipe", "pipe", "pipe"] });
    running.add(child);
    stdin.pipe(child.stdin);
    child.stdin.on("error", () => undefined);
    child.stdout.on("data", (data: Buffer) => stdout(data));
    child.stderr.on("data", (data: Buffer) => stdout(data));
    return new Promise((resolve) => {
      child.on("close", (code) => resolve(code ?? 1));
    });
  };
}

/** What engines say of an image without a shell: in the stream, with exit code 127. */
export function hasNothing({ stdout, command }: FakeExecProcess): number {
  stdout(
    `OCI runtime exec failed: exec failed: unable to start container process: exec: "${command[0]}": no such file or directory\r\n`,
  );
  return 127;
}

/** What the engine does when the container stops; resolves when they have ended. */
export async function endAll(running: ReadonlySet<ChildProcess>): Promise<void> {
  await Promise.all(
    [...running].map(
      (child) =>
        new Promise((resolve) => {
          if (child.exitCode !== null || child.signalCode !== null) resolve(undefined);
          else child.once("close", resolve).kill("SIGKILL");
        }),
    ),
  );
}
