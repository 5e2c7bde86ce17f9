/** Lends ssh agents to build steps (`RUN --mount=type=ssh`): service `moby.sshforward.v1.SSH`. */
import type { Duplex } from "node:stream";
import { MessageWriter, readFields } from "../protobuf.ts";
import { GrpcFailure, grpcStatus } from "./grpc.ts";
import type { GrpcCall, GrpcMethods } from "./grpc-server.ts";
import { requestText } from "./services.ts";

/** Connects to one agent. Rejects with a TcomposeError that says why it cannot be reached. */
export type AgentConnector = () => Promise<Duplex>;

const DEFAULT_ID = "default";
const ID_KEY = "buildkit.ssh.id";

export function sshMethods(agents: ReadonlyMap<string, AgentConnector>): GrpcMethods {
  const find = (id: string): AgentConnector => {
    const connect = agents.get(id === "" ? DEFAULT_ID : id);
    if (connect === undefined) throw new GrpcFailure(grpcStatus.notFound, `unset ssh forward key ${id}`);
    return connect;
  };
  return new Map([
    [
      "/moby.sshforward.v1.SSH/CheckAgent",
      async (call: GrpcCall) => {
        find(await requestText(call));
        await call.send(new MessageWriter().finish());
      },
    ],
    [
      "/moby.sshforward.v1.SSH/ForwardAgent",
      async (call: GrpcCall) => {
        await forward(call, await find(call.metadata(ID_KEY)[0] ?? "")());
      },
    ],
  ]);
}

async function forward(call: GrpcCall, agent: Duplex): Promise<void> {
  const toStep = async (): Promise<void> => {
    for await (const chunk of agent) {
      await call.send(new MessageWriter().bytes(1, chunk as Buffer).finish());
    }
  };
  const toAgent = async (): Promise<void> => {
    for await (const message of call.messages) {
      for (const field of readFields(message)) {
        if (field.number === 1) agent.write(field.bytes);
      }
    }
    agent.end();
  };
  try {
    await Promise.race([toStep(), toAgent()]);
  } finally {
    agent.destroy();
  }
}
