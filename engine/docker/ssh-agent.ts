/** Connects to the socket of a running ssh agent, for build steps that need its keys. */
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { BuildError } from "../error.ts";

export async function connectSshAgent(path: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.once("connect", () => {
      socket.off("error", refuse);
      // The other end of the forwarding sees the agent go away as the end of its stream.
      socket.on("error", () => undefined);
      resolve(socket);
    });
    const refuse = (cause: Error): void => {
      reject(
        new BuildError(`build.ssh: no ssh agent answers at ${path}: ${cause.message}`, {
          hint: "name the socket of a running agent; private keys are added to it with ssh-add",
          cause,
        }),
      );
    };
    socket.once("error", refuse);
  });
}
