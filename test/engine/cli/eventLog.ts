import { type FileHandle, open } from "node:fs/promises";
import type { EngineEvent } from "../events/engineEvent.ts";

const LOOK_EVERY = 100;
const CHUNK = 1 << 16;
/** How many bytes at the log's beginning distinguish it from the next log: the first event has its time. */
const HEAD = 256;

/**
 * Follows the event log that the CLI writes while it runs, one JSON text a line. An `up` with a preview writes two
 * logs, the second over the first (pkg/backend/display/display.go opens it with O_TRUNC): the events are those of the
 * last one.
 */
export class EventLog {
	readonly events: EngineEvent[] = [];
	readonly #path: string;
	readonly #listen: ((event: EngineEvent) => void) | undefined;
	#head = Buffer.alloc(0);
	#position = 0;
	#bytes = Buffer.alloc(0);
	#looking: Promise<void> = Promise.resolve();
	readonly #timer: NodeJS.Timeout;

	constructor(path: string, listen: ((event: EngineEvent) => void) | undefined) {
		this.#path = path;
		this.#listen = listen;
		this.#timer = setInterval(() => {
			this.#looking = this.#looking.then(() => this.#look());
		}, LOOK_EVERY).unref();
	}

	/** Reads the rest, and stops. */
	async close(): Promise<void> {
		clearInterval(this.#timer);
		await this.#looking;
		await this.#look();
	}

	async #look(): Promise<void> {
		const file = await open(this.#path).catch(() => undefined);
		if (file === undefined) return;
		try {
			await this.#beginAnew(file);
			const chunks: Buffer[] = [];
			for (;;) {
				const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, this.#position);
				if (bytesRead === 0) break;
				this.#position += bytesRead;
				chunks.push(buffer.subarray(0, bytesRead));
			}
			this.#take(Buffer.concat(chunks));
		} finally {
			await file.close();
		}
	}

	/** Forgets the events if a new log was begun since the last read. */
	async #beginAnew(file: FileHandle): Promise<void> {
		const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
		const head = buffer.subarray(0, bytesRead);
		if (!head.subarray(0, this.#head.length).equals(this.#head)) {
			this.events.length = 0;
			this.#position = 0;
			this.#bytes = Buffer.alloc(0);
		}
		this.#head = head;
	}

	#take(more: Buffer): void {
		this.#bytes = Buffer.concat([this.#bytes, more]);
		const end = this.#bytes.lastIndexOf("\n") + 1;
		const lines = this.#bytes.subarray(0, end).toString("utf8").split("\n");
		this.#bytes = this.#bytes.subarray(end);
		for (const line of lines.filter((text) => text.trim() !== "")) {
			const event: EngineEvent = JSON.parse(line);
			this.events.push(event);
			this.#listen?.(event);
		}
	}
}
