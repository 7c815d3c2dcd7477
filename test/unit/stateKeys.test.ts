import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createAutopilotFleetType, MACHINE_MEMBER } from "../../provider/graph/autopilotFleet.type.ts";
import { createAutopilotIdentityType } from "../../provider/graph/autopilotIdentity.type.ts";
import { createDeviceFleetType, DEVICE_MEMBER } from "../../provider/iothub/deviceFleet.type.ts";
import { createDeviceIdentityType } from "../../provider/iothub/deviceIdentity.type.ts";
import { createRuntimeContext } from "../../provider/resource/context.ts";
import { PlanCache } from "../../provider/resource/planCache.ts";
import * as stateKeys from "../../provider/stateKeys.ts";
import { TestClock } from "./doubles.ts";

const { MEMBER_KEYS } = stateKeys;
const runtime = createRuntimeContext({ warn: () => {}, clock: new TestClock() });
const refuse = () => assert.fail("nothing is asked");

const DEVICE_TYPE = createDeviceIdentityType({
	apiVersion: "2021-04-12",
	storeCredentials: true,
	disableOnDelete: false,
	getDefaultHost: refuse,
	connect: refuse,
});
const MACHINE_TYPE = createAutopilotIdentityType({ strategy: "live", fields: [], connect: refuse });

const FLEET_TYPES = [
	createDeviceFleetType({
		memberContext: {
			resourceType: { ...DEVICE_TYPE, ...DEVICE_MEMBER },
			runtime,
			planCache: new PlanCache(),
		},
		maxInFlight: 1,
		getDefaultHost: refuse,
	}),
	createAutopilotFleetType({
		memberContext: {
			resourceType: { ...MACHINE_TYPE, ...MACHINE_MEMBER },
			runtime,
			planCache: new PlanCache(),
		},
		beginRun: refuse,
	}),
];

function assertDistinct(names: readonly string[]): void {
	assert.deepEqual([...new Set(names)], names);
}

test("keys of state and of hidden inputs are distinct, and Pulumi's display hides them", () => {
	const keys = Object.values(stateKeys).filter((key) => typeof key === "string");
	assert.equal(keys.length, 18);
	assertDistinct(keys);
	for (const key of keys) assert.match(key, /^__[a-z]+/i);
});

test("keys have the names under which states of earlier releases hold them", () => {
	assert.deepEqual(
		Object.fromEntries(Object.entries(stateKeys).filter(([name]) => name.endsWith("_OUTPUT"))),
		{
			DECLARED_OUTPUT: "__declared",
			DECLARED_ONLY_OUTPUT: "__declaredOnly",
			IDENTITY_OUTPUT: "__identity",
			DRIFT_OUTPUT: "__drift",
			RECORD_OUTPUT: "__record",
			LAST_ROTATION_OUTPUT: "__rotation",
			KEY_FINGERPRINTS_OUTPUT: "__keys",
			MEMBERS_OUTPUT: "__members",
			FORMAT_OUTPUT: "__membersVersion",
			NAME_OUTPUT: "__name",
		},
	);
	assert.deepEqual(MEMBER_KEYS, {
		id: "i",
		declared: "d",
		identity: "h",
		drift: "n",
		values: "v",
		parent: "p",
	});
});

describe("the letters of a fleet's state", () => {
	for (const { title, stateFields } of FLEET_TYPES) {
		test(`are distinct in ${title}`, () => {
			const letters = [...Object.values(MEMBER_KEYS), ...Object.values(stateFields)];
			assertDistinct(letters);
			for (const letter of letters) assert.match(letter, /^[a-z]$/);
		});
	}

	test("are those of earlier releases", () =>
		assert.deepEqual(
			FLEET_TYPES.map(({ stateFields }) => stateFields),
			[
				{ etag: "e", generationId: "g", deviceScope: "s", __keys: "k", __rotation: "r" },
				{ etag: "e", serialNumber: "s", productKey: "k" },
			],
		));
});
