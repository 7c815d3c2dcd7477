import type { Socket } from "node:net";
import { type Behave, pour } from "./rawServer.ts";

/** Milliseconds between two bytes: often enough that no limit on silence is ever reached. */
const DROP = 10;

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

/** Sends a first part, and then the same byte again and again until nobody listens. */
export function drip(first: string, byte: string): (socket: Socket) => void {
	return (socket) => {
		socket.write(first);
		const timer = setInterval(() => socket.write(byte), DROP);
		socket.once("close", () => clearInterval(timer));
	};
}

/** Answers that never come to an end, none of which grows. */
export const ENDLESS: Readonly<Record<string, Behave>> = {
	"a connection that is accepted and nothing more": () => {},
	"a body that comes a byte at a time": drip(`${HEAD}content-length: 1000000\r\n\r\n`, " "),
	"a body of chunks of a byte": drip(`${HEAD}transfer-encoding: chunked\r\n\r\n`, "1\r\n \r\n"),
	"a body that stops": drip(`${HEAD}content-length: 1000000\r\n\r\n[`, ""),
	"headers that come a byte at a time": drip(`${HEAD}x-a: `, "a"),
	"a status line that comes a byte at a time": drip("HTTP/1.1 200 ", "a"),
	"102 Processing, one after the other": drip("", "HTTP/1.1 102 Processing\r\n\r\n"),
};

/** The same by as many bytes as are taken. */
export const FLOODS: Readonly<Record<string, Behave>> = {
	"102 Processing": (socket) => pour(socket, "HTTP/1.1 102 Processing\r\n\r\n".repeat(100)),
	"103 Early Hints": (socket) =>
		pour(socket, `HTTP/1.1 103 Early Hints\r\nlink: </${"a".repeat(1_000)}>\r\n\r\n`.repeat(10)),
	"a status line": (socket) => pour(socket, `HTTP/1.1 200 ${"a".repeat(10_000)}`),
	"an extension of a chunk": (socket) => {
		socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n1;`);
		return pour(socket, "a".repeat(10_000));
	},
};
