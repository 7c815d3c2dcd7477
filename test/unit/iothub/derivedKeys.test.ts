import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { addDerivedKeys, validateGroupKeys } from "../../../provider/iothub/derivedKeys.ts";
import { listLimitedActions } from "../../../provider/iothub/deviceIdentity.limits.ts";
import { getDeviceRules } from "../../../provider/iothub/deviceIdentity.rules.ts";
import { deriveDeviceKey } from "../../../provider/keys/deviceKey.ts";
import type { Values } from "../../../provider/values.ts";
import { createKey, KEYS } from "./devices.ts";

const FIRST = createKey(7);
const SECOND = createKey(8);
const BOTH = { primaryKey: FIRST, secondaryKey: SECOND };

/** Returns the derived keys of dev-1. */
function keysFrom(derivedFrom: unknown, deviceId: unknown = "dev-1"): unknown {
	const inputs = addDerivedKeys({ deviceId, authentication: { type: "sas", derivedFrom } });
	return (inputs["authentication"] as Values)["symmetricKey"];
}

describe("derived keys", () => {
	test("derive slot by slot from the keys of the group", () => {
		assert.deepEqual(keysFrom(BOTH), {
			primaryKey: deriveDeviceKey(FIRST, "dev-1"),
			secondaryKey: deriveDeviceKey(SECOND, "dev-1"),
		});
	});

	test("derive from a single key by the id, and by the id with an appended suffix", () => {
		assert.deepEqual(keysFrom(FIRST), {
			primaryKey: deriveDeviceKey(FIRST, "dev-1"),
			secondaryKey: deriveDeviceKey(FIRST, "dev-1/secondary"),
		});
	});

	test("are unknown while the group's key or the id is unknown", () => {
		assert.equal(keysFrom(unknownValue), unknownValue);
		assert.deepEqual(keysFrom(FIRST, unknownValue), { primaryKey: unknownValue, secondaryKey: unknownValue });
		assert.deepEqual(keysFrom({ ...BOTH, secondaryKey: unknownValue }), {
			primaryKey: deriveDeviceKey(FIRST, "dev-1"),
			secondaryKey: unknownValue,
		});
	});

	test("are not added to inputs without derivedFrom", () => {
		for (const inputs of [
			{ deviceId: "a" },
			{ deviceId: "a", authentication: unknownValue },
			{ deviceId: "a", authentication: { type: "sas", symmetricKey: KEYS } },
		]) {
			assert.equal(addDerivedKeys(inputs), inputs);
		}
	});
});

describe("the group's key", () => {
	const findProblems = (value: unknown) =>
		validateGroupKeys(value, "derivedFrom").map(({ reason }) => reason);

	test("is one string or two, each with 16 to 64 bytes in base64", () => {
		for (const right of [FIRST, BOTH, { ...BOTH, primaryKey: unknownValue }])
			assert.deepEqual(findProblems(right), []);
		assert.deepEqual(findProblems("my key"), [
			"derivedFrom is not valid base64; use a key of the enrollment group.",
		]);
		assert.deepEqual(findProblems({ ...BOTH, secondaryKey: Buffer.alloc(8).toString("base64") }), [
			"derivedFrom.secondaryKey holds 8 bytes; a key must have 16 to 64; use a key of the enrollment group.",
		]);
		assert.deepEqual(findProblems({ primaryKey: FIRST }), [
			"derivedFrom.secondaryKey is missing; set both keys of the enrollment group, or set one of them as a string.",
		]);
		assert.deepEqual(findProblems([FIRST]), [
			"derivedFrom must be a key of the group as a string, or an object with its primaryKey and secondaryKey.",
		]);
		assert.match(findProblems({ ...BOTH, other: FIRST }).join(), /^derivedFrom\.other does not exist/);
	});

	test("requires the type sas, and no declared keys", () => {
		const reasons = (authentication: Values) =>
			getDeviceRules("2021-04-12").flatMap((rule) => rule({ authentication }).map(({ reason }) => reason));
		assert.deepEqual(reasons({ type: "sas", derivedFrom: BOTH }), []);
		assert.deepEqual(reasons({ type: unknownValue, derivedFrom: FIRST }), []);
		assert.deepEqual(reasons({ type: "certificateAuthority", derivedFrom: FIRST }), [
			'authentication.derivedFrom cannot be used with type "certificateAuthority"; leave it out, or set type to "sas".',
		]);
		assert.deepEqual(reasons({ type: "sas", derivedFrom: FIRST, symmetricKey: KEYS }), [
			"authentication.derivedFrom cannot be used with symmetricKey; declare the keys of a device or derive them, not both.",
		]);
	});
});

test("deriving the keys that are already in state is not a change of keys", () => {
	const declared = addDerivedKeys({ deviceId: "a", authentication: { type: "sas", derivedFrom: BOTH } });
	const keys = keysFrom(BOTH, "a") as Values;
	const outputs = { ...keys, authentication: { type: "sas" } };
	assert.deepEqual(listLimitedActions(outputs, declared), []);
	assert.deepEqual(listLimitedActions({ ...outputs, secondaryKey: FIRST }, declared), ["changeKeys"]);
});
