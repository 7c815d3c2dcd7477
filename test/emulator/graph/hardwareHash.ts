import { createHash } from "node:crypto";

/** The machine that a generated hash describes. */
export interface HashedMachine {
	/** Default "Contoso". */
	readonly manufacturer?: string;
	/** Default "Standard". */
	readonly model?: string;
	/** 16 bytes that distinguish machines with the same serial number. Default: derived from the serial number. */
	readonly uuid?: Buffer;
	/** The size of the whole report in bytes, before base64. Default: 3000, which gives 4000 characters. */
	readonly size?: number;
	/**
	 * When the hash was collected, in seconds since 1970: a hash of the same machine that is collected at another time is another string.
	 * Default: the report has only the entries that identify the machine.
	 */
	readonly collectedAt?: number;
}

/**
 * Generates a 4K hardware hash: base64 of an OA3 hardware report in the layout of oa3tool.exe, which contains only what
 * is given here. It describes no real machine, and every serial number has a different one.
 */
export function generateHardwareHash(serialNumber: string, machine: HashedMachine = {}): string {
	const {
		manufacturer = "Contoso",
		model = "Standard",
		uuid = createUuid(serialNumber),
		size = 3000,
		collectedAt,
	} = machine;
	const identifying = [
		createEntry(12, uuid),
		createTextEntry(14, serialNumber),
		createTextEntry(16, manufacturer),
		createTextEntry(17, model),
	];
	const values = collectedAt === undefined ? [] : createCollectedEntries(collectedAt);
	const report = block("OA", Buffer.concat([...values, ...identifying]));
	const checked = Buffer.concat([report, block("CS", createHash("sha256").update(report).digest())]);
	return Buffer.concat([checked, Buffer.alloc(Math.max(0, size - checked.length))]).toString("base64");
}

/**
 * Returns the entries that precede the identifying ones in a report: the first has the version and the time, and the numbers are not in
 * ascending order (observed on a Hyper-V machine).
 */
function createCollectedEntries(collectedAt: number): readonly Buffer[] {
	const head = Buffer.alloc(24);
	head.writeUInt16LE(3);
	head.writeUInt32LE(collectedAt, 16);
	const others = [2, 5, 3, 4, 13, 11].map((type) => createEntry(type, Buffer.alloc(8, type)));
	return [createEntry(1, head), ...others];
}

function createUuid(serialNumber: string): Buffer {
	return createHash("sha256").update(`machine ${serialNumber}`).digest().subarray(0, 16);
}

/** Returns a named block; its length includes name and length. */
function block(name: "OA" | "CS", content: Buffer): Buffer {
	return Buffer.concat([Buffer.from(name), encodeWord(4 + content.length), content]);
}

/** Returns a numbered value; its length includes number and length. */
function createEntry(type: number, content: Buffer): Buffer {
	return Buffer.concat([encodeWord(type), encodeWord(4 + content.length), content]);
}

function createTextEntry(type: number, value: string): Buffer {
	return createEntry(type, Buffer.from(`${value}\0`, "utf8"));
}

function encodeWord(value: number): Buffer {
	const bytes = Buffer.alloc(2);
	bytes.writeUInt16LE(value);
	return bytes;
}
