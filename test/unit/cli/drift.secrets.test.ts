import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createDriftReport } from "../../../provider/cli/drift.collect.ts";
import { type ManagedObject, readStackSettings } from "../../../provider/cli/stackState.ts";

const TYPE = "pulumi-nodejs:dynamic/iothub:DeviceIdentity";
const SECRET = "c2VjcmV0IG9mIHRoaXMgZGV2aWNl";

/** Creates an object that cannot be read, with an error that repeats the secret: its kind contains it. */
function createUnreadable(secretTexts: readonly string[]): ManagedObject {
	return {
		urn: `urn:pulumi:dev::fleet::${TYPE}::pump`,
		type: TYPE,
		name: "pump",
		id: "pump",
		kind: `kind ${SECRET}\u001b[2J`,
		values: { deviceId: "pump", hubHostName: "my-hub.azure-devices.net" },
		secretPaths: [],
		encryptedPaths: [],
		secretTexts,
	};
}

async function reportMessage(
	secretTexts: readonly string[],
	settings: ReadonlyMap<string, string> = new Map(),
): Promise<string> {
	const stackSettings = await readStackSettings(settings, "name a stack with --stack NAME");
	const { resources } = await createDriftReport(
		{ objects: [createUnreadable(secretTexts)], ...stackSettings },
		"eventual",
	);
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
