import { createHash } from "node:crypto";

/** The machine that a made-up hash describes. */
export interface HashedMachine {
	/** Default "Contoso". */
	readonly manufacturer?: string;
	/** Default "Standard". */
	readonly model?: string;
	/** 16 bytes that tell machines of one serial number apart. Default derived from the serial number. */
	readonly uuid?: Buffer;
	/** Bytes of the whole report before base64. Default 3000, which makes 4000 characters. */
	readonly size?: number;
}

/**
 * A made-up 4K hardware hash: base64 of an OA3 hardware report as oa3tool.exe lays it out, with nothing in it but what is
 * given here. It describes no real machine and no two serial numbers have the same one.
 */
export function generateHardwareHash(serialNumber: string, machine: HashedMachine = {}): string {
	const {
		manufacturer = "Contoso",
		model = "Standard",
		uuid = createUuid(serialNumber),
		size = 3000,
	} = machine;
	const values = [
		createEntry(12, uuid),
		createTextEntry(14, serialNumber),
		createTextEntry(16, manufacturer),
		createTextEntry(17, model),
	];
	const report = block("OA", Buffer.concat(values));
	const checked = Buffer.concat([report, block("CS", createHash("sha256").update(report).digest())]);
	return Buffer.concat([checked, Buffer.alloc(Math.max(0, size - checked.length))]).toString("base64");
}

function createUuid(serialNumber: string): Buffer {
	return createHash("sha256").update(`machine ${serialNumber}`).digest().subarray(0, 16);
}

/** A named block; its length counts name and length too. */
function block(name: "OA" | "CS", content: Buffer): Buffer {
	return Buffer.concat([Buffer.from(name), encodeWord(4 + content.length), content]);
}

/** A numbered value; its length counts number and length too. */
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
