import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { PartialError } from "../../provider/lifecycle/errors.ts";
import { AnswerLost, HalfDone } from "../../provider/lifecycle/outcome.ts";
import { spellingsOf } from "./spellings.ts";

const KEY = Buffer.from("a key of 32 bytes, none shorter!").toString("base64");
const KEYS = { symmetricKey: { primaryKey: KEY, secondaryKey: KEY } };

test("what an error carries of an object is there to be used, and printed by nothing", () => {
	const live = { etag: "e", incarnation: "1", values: KEYS, facts: {} };
	const lost = new AnswerLost(new Error("the connection broke"), 0, KEYS);
	const half = new HalfDone(lost, live);
	const partial = new PartialError("a", { primaryKey: KEY }, half);
	assert.equal(lost.step, KEYS);
	assert.equal(half.live, live);
	assert.equal(partial.properties["primaryKey"], KEY);
	const printed = [
		inspect(partial, { depth: null, showHidden: true }),
		JSON.stringify([partial, half, lost]),
		String(partial.stack),
	].join("\n");
	assert.match(printed, /the connection broke/);
	for (const spelling of spellingsOf(KEY)) assert.ok(!printed.includes(spelling), printed);
});
