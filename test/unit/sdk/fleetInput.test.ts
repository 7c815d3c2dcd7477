import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { createFleetInput } from "../../../provider/sdk/fleetInput.ts";

const FLEET = { name: "machines", memberType: "AutopilotIdentity", defaults: {}, isSecret: () => false };
const MACHINES = Object.fromEntries(
	Array.from({ length: 100 }, (_, at) => [`M-${1_000 + at}`, { groupTag: "Kiosk" }]),
);
const SIZE = Buffer.byteLength(JSON.stringify(MACHINES));
const TOO_MANY = {
	name: "TypeError",
	message:
		`machines are too many for one fleet: 100 machines serialize to ${SIZE.toLocaleString("en-US")} bytes, and Pulumi's ` +
		"SDK can send at most 1,500 bytes at once. About 49 machines like these fit; split them into several fleets.",
};

describe("a fleet that is longer than Pulumi's SDK can send", () => {
	test("is a TypeError with the number of members that fit, since the process would otherwise end without a message", () => {
		assert.throws(() => createFleetInput(MACHINES, { ...FLEET, maxBytes: 1_500 }), TOO_MANY);
		assert.doesNotThrow(() => createFleetInput(MACHINES, { ...FLEET, maxBytes: SIZE }));
	});

	test("is measured with its defaults, and in bytes rather than characters", () => {
		const many = { ...FLEET, maxBytes: SIZE };
		assert.throws(
			() => createFleetInput(MACHINES, { ...many, defaults: { displayName: "kiosk" } }),
			/too many/,
		);
		assert.throws(() => createFleetInput({ ...MACHINES, "M-1000": { groupTag: "Kiösk" } }, many), /too many/);
	});

	test("is also rejected if V8 cannot hold it as one string", (t) => {
		const stringify = JSON.stringify.bind(JSON);
		t.mock.method(JSON, "stringify", (value: object) => {
			if (Object.keys(value).length > 1) throw new RangeError("Invalid string length");
			return stringify(value);
		});
		const twice = { a: { groupTag: "x".repeat(1_000) }, b: { groupTag: "y".repeat(1_000) } };
		assert.throws(() => createFleetInput(twice, { ...FLEET, maxBytes: 1_500 }), {
			name: "TypeError",
			message: /2 machines serialize to 2,0\d\d bytes, .* at most 1,500 bytes at once/,
		});
	});

	test("is not the reason for another error of the members", () => {
		const toJSON = () => {
			throw new EvalError("a bug of the program");
		};
		assert.throws(() => createFleetInput({ a: { toJSON } }, FLEET), { message: "a bug of the program" });
	});

	test("is also rejected if its members become known later", async () => {
		const { text } = createFleetInput(pulumi.output(MACHINES), { ...FLEET, maxBytes: 1_500 });
		await assert.rejects(known({ text }), TOO_MANY);
	});
});

/** Resolves to the value of an output, by a promise that its type does not declare. */
function known({ text }: { text: unknown }): Promise<unknown> {
	assert.ok(pulumi.Output.isInstance(text) && "promise" in text && typeof text.promise === "function");
	// An output has several promises, each of which is rejected with it.
	for (const part of Object.values(text)) if (part instanceof Promise) part.catch(() => {});
	return text.promise();
}
