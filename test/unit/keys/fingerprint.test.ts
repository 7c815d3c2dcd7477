import assert from "node:assert/strict";
import { test } from "node:test";
import { computeFingerprint } from "../../../provider/keys/fingerprint.ts";

test("a fingerprint is that of every release: the first 16 digits of SHA-256 over the text", () => {
	// The digest of "abc" among the examples of SHA-256 (NIST, FIPS 180-4).
	const digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	assert.equal(computeFingerprint("abc"), digest.slice(0, 16));
	assert.notEqual(computeFingerprint("YWJj"), digest.slice(0, 16), "the text, not the bytes that it encodes");
});
