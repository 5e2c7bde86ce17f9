/** Raw connections where the engine answers 200 instead of 101. */
import type { IncomingMessage } from "node:http";
import { Duplex } from "node:stream";

/** Reads come from the answer's body, writes go to its socket: what older engines and proxies call hijacking. */
export function asDuplex(answer: IncomingMessage): Duplex {
  const { socket } = answer;
  const duplex = new Duplex({
    allowHalfOpen: true,
    read: () => void answer.resume(),
    write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      answer.destroy();
      done(error);
    },
  });
  answer.pause();
  answer.on("data", (chunk: Buffer) => {
    if (!duplex.push(chunk)) answer.pause();
  });
  answer.once("end", () => duplex.push(null));
  answer.once("error", (error) => duplex.destroy(error));
  return duplex;
}
