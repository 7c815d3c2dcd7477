import assert from "node:assert/strict";
import { test } from "node:test";
import {
	FleetError,
	formatMemberCount,
	joinMessages,
	type MemberNouns,
	withBufferedMessages,
} from "../../../provider/fleet/reporting.ts";

const names = (count: number) => Array.from({ length: count }, (_, index) => `d${index}`);

test("formatMemberCount returns the number with its noun, singular or plural", () => {
	const nouns: MemberNouns = { memberNoun: "device", membersProperty: "devices" };
	assert.deepEqual(
		[0, 1, 2].map((count) => formatMemberCount(nouns, count)),
		["0 devices", "1 device", "2 devices"],
	);
});

test("lists at most twenty messages", () => {
	assert.equal(joinMessages(names(20)), names(20).join("\n"));
	assert.equal(joinMessages(names(23)), [...names(20), "and 3 more"].join("\n"));
});

test("a FleetError of ten thousand failures lists twenty of them and keeps all", () => {
	const failed = new Map(names(10_000).map((id) => [id, new Error("refused")] as const));
	const error = new FleetError("10000 of 10000 devices failed", failed);
	assert.equal(error.message.split("\n").length, 22);
	assert.match(error.message, /\nand 9980 more$/);
	assert.equal(error.failed.size, 10_000);
	assert.equal(error.cause, failed.get("d0"));
});

test("buffered warnings are shown once, even if the action fails", async () => {
	const warnings: string[] = [];
	const warn = (text: string): void => void warnings.push(text);
	const action = async (collect: (text: string) => void): Promise<never> => {
		collect("a was adopted");
		collect("b was adopted");
		throw new Error("refused");
	};
	await assert.rejects(withBufferedMessages(warn, action), /refused/);
	assert.deepEqual(warnings, ["a was adopted\nb was adopted"]);
});
