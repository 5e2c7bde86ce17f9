/** The small services that a builder asks its client for: health, secrets, registry credentials. */
import { authKey } from "../../images/reference.ts";
import type { RegistryCredentials } from "../../images/auth.ts";
import { MessageWriter, readFields } from "../protobuf.ts";
import { GrpcFailure, grpcStatus } from "./grpc.ts";
import type { GrpcCall, GrpcMethods } from "./grpc-server.ts";

const SERVING = 1;

/** `grpc.health.v1.Health`: the builder gives up a session that does not answer. */
export function healthMethods(): GrpcMethods {
  return new Map([
    [
      "/grpc.health.v1.Health/Check",
      async (call: GrpcCall) => {
        await call.send(new MessageWriter().number(1, SERVING).finish());
      },
    ],
  ]);
}

/** `moby.buildkit.secrets.v1.Secrets`, by secret id. */
export function secretMethods(secrets: ReadonlyMap<string, () => Promise<Buffer>>): GrpcMethods {
  return new Map([
    [
      "/moby.buildkit.secrets.v1.Secrets/GetSecret",
      async (call: GrpcCall) => {
        const id = await requestText(call);
        const read = secrets.get(id);
        if (read === undefined) throw new GrpcFailure(grpcStatus.notFound, `secret ${id}: not found`);
        await call.send(new MessageWriter().bytes(1, await read()).finish());
      },
    ],
  ]);
}

/** `moby.filesync.v1.Auth`: an empty answer means anonymous access. */
export function credentialMethods(credentials: RegistryCredentials): GrpcMethods {
  return new Map([
    [
      "/moby.filesync.v1.Auth/Credentials",
      async (call: GrpcCall) => {
        const host = await requestText(call);
        const auth = await credentials.forHost(authKey(host), call.signal);
        const answer = new MessageWriter();
        if (auth?.identityToken !== undefined) answer.text(2, auth.identityToken);
        else answer.text(1, auth?.username).text(2, auth?.password);
        await call.send(answer.finish());
      },
    ],
  ]);
}

/** Field 1 of the call's only request. */
export async function requestText(call: GrpcCall): Promise<string> {
  let text = "";
  for await (const message of call.messages) {
    for (const field of readFields(message)) {
      if (field.number === 1) text = field.bytes.toString("utf8");
    }
  }
  return text;
}
