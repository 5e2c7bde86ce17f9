import { expect, it } from "vitest";
import { takenPort } from "../../../engine/execute/port-holder.ts";

it.each([
  ["Bind for 0.0.0.0:18999 failed: port is already allocated", 18999],
  ["Bind for :::18997 failed: port is already allocated", 18997],
  ["Error starting userland proxy: listen tcp4 0.0.0.0:8080: bind: address already in use", 8080],
  ["failed to bind host port for 0.0.0.0:18999:172.28.0.2:80/tcp: address already in use", 18999],
  ["failed to bind host port for [::]:53:[fd00::2]:53/udp: address already in use", 53],
  ["rootlessport listen tcp 0.0.0.0:8081: bind: address already in use", 8081],
  ["cannot listen on the TCP port: listen tcp4 :8082: bind: address already in use", 8082],
  ["no such image", undefined],
])("finds the port in: %s", (message, port) => {
  expect(takenPort(message)).toBe(port);
});
