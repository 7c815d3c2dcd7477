import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { findHardwareIdentifierProblem } from "../../../provider/graph/hardwareIdentifier.ts";
import { generateHardwareHash } from "../../emulator/graph/hardwareHash.ts";
import { HASH } from "./machines.ts";

const findHashFault = (hash: string): string => findHardwareIdentifierProblem(hash) ?? "";

describe("a hardware hash", () => {
	test("is taken as tools give it, whatever is in it", () => {
		const machine = fc.record({
			manufacturer: fc.string({ maxLength: 40 }),
			model: fc.string({ maxLength: 40 }),
		});
		fc.assert(
			fc.property(fc.string({ maxLength: 60 }), machine, (serialNumber, of) => {
				assert.equal(findHardwareIdentifierProblem(generateHardwareHash(serialNumber, of)), undefined);
			}),
		);
	});

	test("is taken with padding too, and with another length", () => {
		for (const size of [2_998, 2_999, 3_072, 4_096]) {
			assert.equal(findHardwareIdentifierProblem(generateHardwareHash("a", { size })), undefined, String(size));
		}
	});

	for (const [title, hash] of [
		["a blank in front", ` ${HASH}`],
		["a line break at its end", `${HASH}\n`],
		["line breaks in it", HASH.replace(/.{76}/g, "$&\r\n")],
		["a blank that does not show", `${HASH}\u00a0`],
	] as const) {
		test(`with ${title} is told as such`, () => {
			assert.match(findHashFault(hash), /^has blanks or line breaks in it; declare it as one text/);
		});
	}

	for (const [title, hash] of [
		["its last character missing", HASH.slice(0, -1)],
		["padding missing", generateHardwareHash("a", { size: 2_998 }).replace(/=+$/, "")],
		["padding in its middle", `${HASH}====${HASH}`],
		["characters of the other alphabet", HASH.replace("T0", "T0-_")],
		["quotes around it", `"${HASH}"`],
	] as const) {
		test(`with ${title} is no base64 text`, () => {
			assert.match(findHashFault(hash), /^is no base64 text with its padding .* export it anew$/);
		});
	}

	test("that begins like something else is none", () => {
		const bytes = ["\x01", "O", "OB"].map((text) => Buffer.alloc(3_000, text).toString("base64"));
		for (const hash of [...bytes, HASH.toLowerCase(), `AAAA${HASH}`]) {
			assert.match(findHashFault(hash), /^is base64 but no hardware hash: those begin with T0/);
		}
	});

	test("that is far too short or too long was cut or put together", () => {
		assert.match(findHashFault("T0EA"), /^has 4 characters, and a hardware hash about 4000/);
		assert.match(
			findHashFault(generateHardwareHash("a", { size: 30_000 })),
			/^has 40000 characters, and a hardware hash about/,
		);
	});

	test("is never repeated in what is wrong with it", () => {
		const broken = [` ${HASH}`, HASH.slice(1), `AAAA${HASH}`, HASH.repeat(9), HASH.slice(0, 40)];
		for (const hash of broken) {
			const fault = findHashFault(hash);
			assert.notEqual(fault, "");
			assert.ok(!fault.includes(HASH.slice(0, 12)) && !fault.includes(HASH.slice(20, 32)), fault);
		}
	});
});
