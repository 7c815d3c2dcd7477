import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseConnectionString } from "../../../provider/auth/connectionString.ts";

const parse = (text: string) => parseConnectionString("iothub:connectionString", text);
const KEY = "c2VjcmV0IGtleSBvZiBhIHBvbGljeQ==";

test("the fields can have any order, case and spacing, and a value can contain =", () => {
	const fields = ["HostName=fleet.azure-devices.net", "SharedAccessKeyName=ops", `SharedAccessKey=${KEY}`];
	const expected = { hostName: "fleet.azure-devices.net", access: { policy: "ops", key: KEY } };
	fc.assert(
		fc.property(fc.shuffledSubarray(fields, { minLength: 3 }), (order) => {
			assert.deepEqual(parse(order.join(";")), expected);
			assert.deepEqual(parse(`${order.join(" ; ")};`), expected);
		}),
	);
	assert.deepEqual(
		parse(`hostname=fleet.azure-devices.net;sharedaccesskeyname=ops;SHAREDACCESSKEY=${KEY}`),
		expected,
	);
});

test("a signature may replace the key", () => {
	const signature = "SharedAccessSignature sr=fleet.azure-devices.net&sig=abc%3D&se=1&skn=ops";
	assert.deepEqual(parse(`HostName=fleet.azure-devices.net;SharedAccessSignature=${signature}`).access, {
		signature,
	});
});

const problems: readonly [title: string, text: string, expected: RegExp][] = [
	[
		"of a device",
		`HostName=h;DeviceId=d;SharedAccessKey=${KEY}`,
		/is a device's connection string .* must be the hub's: HostName=/,
	],
	["without a host", `SharedAccessKeyName=ops;SharedAccessKey=${KEY}`, /has no HostName; it must look like/],
	["with an empty host", `HostName=;SharedAccessKeyName=ops;SharedAccessKey=${KEY}`, /has no HostName/],
	["without a policy", `HostName=h;SharedAccessKey=${KEY}`, /needs SharedAccessKeyName and SharedAccessKey/],
	["without a key", "HostName=h;SharedAccessKeyName=ops", /needs SharedAccessKeyName and SharedAccessKey/],
	[
		"with two ways to sign in",
		`HostName=h;SharedAccessKeyName=ops;SharedAccessKey=${KEY};SharedAccessSignature=sig=${KEY}`,
		/has both a SharedAccessKey and a SharedAccessSignature; keep one/,
	],
	["that is only a key", KEY, /has no HostName/],
];

for (const [title, text, expected] of problems) {
	test(`a connection string ${title} is rejected, and its key is not repeated`, () => {
		assert.throws(
			() => parse(text),
			(error) => {
				assert.ok(error instanceof Error);
				assert.match(error.message, /^iothub:connectionString /);
				assert.match(error.message, expected);
				assert.ok(!error.message.includes(KEY));
				return true;
			},
		);
	});
}
