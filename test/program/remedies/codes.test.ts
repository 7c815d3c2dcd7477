import assert from "node:assert/strict";
import { test } from "node:test";
import { readErrorCodes } from "../../docs/pages.ts";
import { NOT_CARRIED_OUT, WAYS_OUT } from "./codes.ts";
import { listCommands } from "./command.ts";

test("the remedy of every error code is carried out by a test, or the table says why it cannot be", () => {
	const shown = new Set(WAYS_OUT.map(({ code }) => code));
	const listed = [...shown, ...Object.keys(NOT_CARRIED_OUT)];
	assert.deepEqual(listed.toSorted(), [...readErrorCodes()].toSorted());
});

test("commands are found in a message, with the variables before them and without other words", () =>
	assert.deepEqual(
		listCommands(
			"Run `pulumi up`, or `A='x;y' pulumi destroy`, with `adopt: true` (`up` alone, `--run-program`).",
		),
		["pulumi up", "A='x;y' pulumi destroy"],
	));
