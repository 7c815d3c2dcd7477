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
