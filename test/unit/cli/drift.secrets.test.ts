import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createDriftReport } from "../../../provider/cli/drift.collect.ts";
import { createDeviceState } from "./deviceState.ts";

const SECRET = "c2VjcmV0IG9mIHRoaXMgZGV2aWNl";

/** Reports on an object that cannot be read, with an error that repeats the secret: its kind contains it. */
async function reportMessage(
	secretTexts: readonly string[],
	settings: ReadonlyMap<string, string> = new Map(),
): Promise<string> {
	const state = await createDeviceState({ kind: `kind ${SECRET}\u001b[2J`, secretTexts }, settings);
	const { resources } = await createDriftReport(state, "eventual");
	return resources[0]?.message ?? "";
}

describe("the message about an unreadable object", () => {
	test("repeats what is not secret, without control characters", async () => {
		const message = await reportMessage([]);
		assert.ok(message.includes(SECRET), "the error of this test contains the text");
		assert.ok(!message.includes("\u001b"));
	});

	test("does not repeat a secret of the object's state", async () => {
		assert.ok(!(await reportMessage([SECRET])).includes(SECRET));
	});

	for (const key of ["iothub:connectionString", "iothub:clientSecret", "iothub:oidcToken"]) {
		test(`does not repeat the value of --config ${key}`, async () => {
			assert.ok(!(await reportMessage([], new Map([[key, SECRET]]))).includes(SECRET));
		});
	}
});
