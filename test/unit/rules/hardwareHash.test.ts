import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
	completeBase64Padding,
	decodeHardwareHash,
	findHardwareHashProblem,
} from "../../../provider/rules/hardwareHash.ts";
import { generateHardwareHash } from "../../emulator/graph/hardwareHash.ts";

const HASH = generateHardwareHash("5CG1234ABC");
/** A hash whose report fills almost all of its 3000 bytes. */
const FULL_HASH = generateHardwareHash("5CG1234ABC", { uuid: Buffer.alloc(2_850, 7) });

const findFault = (hash: string): string => findHardwareHashProblem(hash) ?? "";

describe("a hardware hash", () => {
	const machine = fc.record({
		manufacturer: fc.string({ maxLength: 40 }),
		model: fc.string({ maxLength: 40 }),
		size: fc.integer({ min: 2_996, max: 4_100 }),
	});

	test("is accepted as tools export it, whatever it contains, with and without its padding", () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 60 }), machine, (serialNumber, options) => {
				const hash = generateHardwareHash(serialNumber, options);
				const unpadded = hash.replace(/=+$/, "");
				assert.equal(findHardwareHashProblem(hash), undefined);
				assert.equal(findHardwareHashProblem(unpadded), undefined);
				assert.equal(completeBase64Padding(unpadded), hash);
			}),
			{ numRuns: 50 },
		);
	});

	test("is refused as cut within its report, wherever it is cut", () => {
		fc.assert(
			fc.property(fc.integer({ min: 3, max: 3_900 }), (length) => {
				assert.match(findFault(FULL_HASH.slice(0, length)), /was cut|cut off/);
			}),
			{ numRuns: 100 },
		);
	});

	test("is refused as cut if only zeros are missing, but so many that no tool omits them", () => {
		assert.match(findFault(HASH.slice(0, 3_000)), /^has 3000 characters, .* so it was cut; export it again/);
	});

	for (const [title, hash] of [
		["in front", `\n${HASH}`],
		["at its end", `${HASH}\r\n`],
		["within", HASH.replace(/.{76}/g, "$&\r\n")],
	] as const) {
		test(`with a line break ${title} is refused as such`, () => {
			assert.match(findFault(hash), /^contains a line break after character \d+; join the lines/);
		});
	}

	test("with spaces or characters that cannot be seen is refused as such", () => {
		assert.match(findFault(` ${HASH}`), /^contains spaces; declare it as one string/);
		for (const [character, codePoint] of [
			["\u00A0", "U\\+00A0"],
			["\uFEFF", "U\\+FEFF"],
			["\u200B", "U\\+200B"],
			["\t", "U\\+0009"],
		] as const)
			assert.match(
				findFault(HASH + character),
				new RegExp(`^contains the invisible character ${codePoint}; `),
			);
	});

	for (const [title, hash, place] of [
		["padding in its middle", `${HASH.slice(0, 100)}====${HASH}`, 101],
		["characters of the other alphabet", HASH.replace("T0", "T0-_"), 3],
		["quotes around it", `"${HASH}"`, 1],
	] as const) {
		test(`with ${title} is not base64`, () => {
			assert.match(
				findFault(hash),
				new RegExp(`^is not base64: character ${place} is not one of .* export it again`),
			);
		});
	}

	test("with a number of characters that no bytes have is cut", () => {
		assert.match(
			findFault(HASH.slice(0, -3)),
			/^is not base64: it has 3997 characters, so some were cut off/,
		);
	});

	test("must begin like a hardware report", () => {
		const others = ["\x01", "O", "OB"].map((text) => Buffer.alloc(3_000, text).toString("base64"));
		for (const hash of [...others, HASH.toLowerCase(), `AAAA${HASH}`])
			assert.match(findFault(hash), /^is base64 but not a hardware hash, which begins with T0/);
	});

	test("must not be far too long", () => {
		assert.match(
			findFault(generateHardwareHash("a", { size: 30_000 })),
			/^has 40000 characters, .* were joined/,
		);
	});

	test("is never part of the message", () => {
		const broken = [` ${HASH}`, HASH.slice(1), `AAAA${HASH}`, HASH.repeat(9), HASH.slice(0, 40), `${HASH}!`];
		for (const hash of broken) {
			const fault = findFault(hash);
			assert.notEqual(fault, "");
			assert.ok(!fault.includes(HASH.slice(0, 12)) && !fault.includes(HASH.slice(20, 32)), fault);
		}
	});
});

describe("the data of a hash", () => {
	test("are those of the machine, with or without padding", () => {
		const uuid = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");
		const hash = generateHardwareHash(" 5CG-1 ", {
			uuid,
			manufacturer: "Fabrikam",
			model: "Slate 4",
			size: 2_999,
		});
		const report = {
			uuid: "000102030405060708090a0b0c0d0e0f",
			serialNumber: "5CG-1",
			manufacturer: "Fabrikam",
			product: "Slate 4",
		};
		assert.deepEqual(decodeHardwareHash(hash), report);
		assert.deepEqual(decodeHardwareHash(hash.replace(/=+$/, "")), report);
	});

	test("are found in any order of the entries, among others", () => {
		const entry = (type: number, content: string): Buffer => {
			const head = Buffer.alloc(4);
			head.writeUInt16LE(type);
			head.writeUInt16LE(4 + content.length, 2);
			return Buffer.concat([head, Buffer.from(content, "latin1")]);
		};
		const entries = Buffer.concat([
			entry(1, "\x02\0".repeat(12)),
			entry(27, "x"),
			entry(17, "Slate\0"),
			entry(14, "S-1\0rest"),
		]);
		const head = Buffer.from("OA\0\0");
		head.writeUInt16LE(4 + entries.length, 2);
		const hash = Buffer.concat([head, entries, Buffer.alloc(3_000 - 4 - entries.length)]).toString("base64");
		assert.deepEqual(decodeHardwareHash(hash), {
			uuid: undefined,
			serialNumber: "S-1",
			manufacturer: undefined,
			product: "Slate",
		});
	});

	test("are undefined for a hash that is cut or has entries beyond its end", () => {
		assert.equal(decodeHardwareHash(FULL_HASH.slice(0, 3_000)), undefined);
		const bytes = Buffer.from(HASH, "base64");
		bytes.writeUInt16LE(60_000, 6);
		assert.equal(decodeHardwareHash(bytes.toString("base64")), undefined);
		bytes.writeUInt16LE(0, 6);
		assert.equal(decodeHardwareHash(bytes.toString("base64")), undefined);
	});
});
