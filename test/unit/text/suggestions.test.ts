import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findSuggestion, isMisspelling } from "../../../provider/text/suggestions.ts";

describe("the suggestion for an unknown name", () => {
	const known = ["name", "note", "status", "statusReason"];

	test("is the known name with the fewest different letters, not the first one within the limit", () => {
		assert.equal(findSuggestion("noet", known), "note");
		assert.equal(findSuggestion("nane", known), "name");
	});

	test("does not depend on case", () => {
		assert.equal(findSuggestion("STATUSREASON", known), "statusReason");
		assert.equal(findSuggestion("Statuss", known), "status");
	});

	test("is undefined if more than two letters differ", () => {
		assert.equal(findSuggestion("statusRea", known), undefined);
		assert.equal(findSuggestion("colour", known), undefined);
	});

	test("is undefined for a name of one or two letters", () => {
		assert.equal(findSuggestion("no", ["not"]), undefined);
	});
});

test("a name is misspelt with up to two letters added, dropped or changed", () => {
	assert.ok(isMisspelling("statsu", "status"));
	assert.ok(isMisspelling("stat", "status"));
	assert.ok(!isMisspelling("sta", "status"));
});
