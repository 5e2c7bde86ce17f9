import { describe, expect, it } from "vitest";
import { capabilities, type Feature, type Support } from "../../../engine/docker/capabilities.ts";

function supportOf(apiVersion: string, flavour: "docker" | "podman", ...features: Feature[]): Support[] {
  const table = capabilities({ apiVersion, flavour });
  return features.map((feature) => table[feature].support);
}

describe("capabilities", () => {
  it("knows what the newest engine has, what older ones lack, and what is made up for", () => {
    const newest = Object.values(capabilities({ apiVersion: "1.51", flavour: "docker" }));
    const lacking = newest.filter(({ support }) => support !== "native");
    // What no container engine has stays so with any version.
    expect(lacking.filter(({ needs }) => needs.startsWith("API"))).toEqual([]);
    const features: Feature[] = ["multi-endpoint-create", "health-start-interval", "image-mount", "buildkit"];
    expect(supportOf("1.41", "docker", ...features)).toEqual(["emulated", "ignored", "refused", "native"]);
    expect(supportOf("1.44", "docker", ...features)).toEqual(["native", "native", "refused", "native"]);
    expect(supportOf("1.51", "podman", "buildkit", "annotations")).toEqual(["emulated", "native"]);
  });

  it("names the version that a feature needs", () => {
    const { "health-start-interval": feature } = capabilities({ apiVersion: "1.41", flavour: "docker" });
    expect(feature).toMatchObject({ support: "ignored", needs: "API 1.44 (Docker Engine 25.0)" });
  });
});
