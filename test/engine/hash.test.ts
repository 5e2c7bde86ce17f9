import { describe, expect, it } from "vitest";
import { networkHash, serviceHash, volumeHash } from "../../engine/desired/config-hash.ts";
import { canonicalJson, digestOf } from "../../engine/hash.ts";

describe("canonicalJson", () => {
  it("does not depend on key order and drops undefined", () => {
    expect(canonicalJson({ b: 1, a: [{ d: undefined, c: 2 }] })).toBe('{"a":[{"c":2}],"b":1}');
    expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
  });
});

// The expected values were read from the labels that docker compose 2.40.3 wrote for the same stacks.
describe("the peer's hash", () => {
  it("of a service, with a namespace of another container", () => {
    expect(
      serviceHash({
        command: ["sleep", "1000"],
        entrypoint: null,
        depends_on: { a: { condition: "service_started", required: true } },
        image: "tcompose-test/busybox:latest",
        network_mode: "container:da915973d3979e45a64b56c8bea5c6b3c5ac1f48397ddbfcd92dbfa2b9c763ce",
      }),
    ).toBe("29f5eccf6b8d14e6bcbefcf2e0f5043c4691eb01fb7b206c020422d9be5af9da");
  });

  it("of networks", () => {
    expect(networkHash({ name: "plnhash_n1", ipam: {} })).toBe(
      "8e4118a60eaae4726d59dee6947f1e5a8d69d972b0a2dae15780b4472dbc4b90",
    );
    expect(
      networkHash({
        name: "plnhash_n2",
        driver: "bridge",
        driver_opts: { "com.docker.network.bridge.enable_icc": "true" },
        ipam: { config: [{ subnet: "10.77.0.0/24" }] },
        internal: true,
        labels: { a: "b" },
      }),
    ).toBe("b6db46f10a32bba2781421b34900fe60de222d76d8975de751c6bb1188a88f34");
  });

  it("of volumes, whose driver defaults to local", () => {
    expect(volumeHash({ name: "plnhash_v1" })).toBe(
      "631db13db607a5833c5777f22ccee40f469845b5d6cd46774f31bfcfafeab0a9",
    );
    expect(volumeHash({ name: "plnhash_v2", labels: { x: "y<z" } })).toBe(
      "20fedea66bf85cbb0e0f8f12196edb176db196d1c7f8094b069d78f4856387e7",
    );
  });
});
