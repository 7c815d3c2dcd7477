import type { Readable } from "node:stream";

/** Gives each line of a stream, without its end, to `onLine`; resolves when the stream ends. */
export function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
	let rest = "";
	stream.setEncoding("utf8");
	stream.on("data", (chunk: string) => {
		const lines = (rest + chunk).split("\n");
		rest = lines.pop() ?? "";
		for (const line of lines) onLine(line);
	});
	return new Promise((resolve) => {
		stream.once("close", () => {
			if (rest !== "") onLine(rest);
			resolve();
		});
	});
}
