import type { FakeExecProcess } from "../support/fake-engine/behaviour.ts";
import { FakeEngine } from "../support/fake-engine/fake-engine.ts";
import { describeEngineContract } from "./describe-engine-contract.ts";
import { dockerTraits, PREFIX } from "./engine-under-test.ts";

describeEngineContract("fake", dockerTraits, () => {
  const engine = new FakeEngine();
  engine.addImage("shell:latest");
  engine.behave(`${PREFIX}-exit`, { exitCode: 3 });
  engine.behave(`${PREFIX}-exec`, { exec: answerLine });
  engine.behave(`${PREFIX}-tty`, { exec: printBoth });
  engine.behave(`${PREFIX}-logs`, {
    exitCode: 0,
    output: [
      { stream: "stdout", text: "one\n" },
      { stream: "stderr", text: "two\n" },
      { stream: "stdout", text: "three\n" },
    ],
  });
  engine.behave(`${PREFIX}-attach`, { main: answerTyped });
  return Promise.resolve({ engine, image: "shell:latest" });
});

async function answerLine(process: FakeExecProcess): Promise<number> {
  for await (const data of process.stdin) {
    process.stdout(`got ${String(data)}`);
    break;
  }
  process.stderr(`env ${process.env[0]?.split("=")[1]}\n`);
  return 3;
}

function printBoth(process: FakeExecProcess): number {
  process.stdout("out\n");
  process.stderr("err\n");
  return 0;
}

function answerTyped(line: string): { readonly output: string; readonly exitCode: number } {
  return { output: `said ${line}`, exitCode: 0 };
}
