import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Resource } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import type { HubStage } from "../subject/hubStage.ts";
import type { Values } from "../subject/subject.ts";
import { assertDeviceInStep, withHub } from "./withHub.ts";

const FORMS = ["null", "empty", "absent"] as const;
const NOT_STORED = { "iothub:storeCredentials": "false" };
const PREVIEW_2015 = { "iothub:apiVersion": "2015-08-15-preview", ...NOT_STORED };
const KEYS = {
	primaryKey: Buffer.alloc(32, 1).toString("base64"),
	secondaryKey: Buffer.alloc(32, 2).toString("base64"),
};
const THUMBPRINT = "AB".repeat(20);
const REFUSED =
	/^The hub returned device "press" without its symmetric keys, so the credential is not allowed to read them\./;

/** Asserts that the operation is refused with the missing permission, and that the device stays as it is. */
async function assertRefused(
	hub: HubStage,
	operation: () => Promise<unknown>,
	expected = REFUSED,
): Promise<void> {
	const before = hub.getDevice("press");
	const error = await catchError(operation());
	assert.match(error.message, expected);
	if (expected === REFUSED) {
		assert.equal("code" in error && error.code, "KeysWithheld");
		assert.match("advice" in error ? String(error.advice) : "", /permissions RegistryRead and RegistryWrite/);
	}
	assert.deepEqual(hub.getDevice("press"), before);
}

const declareReason = (statusReason: string, rest: Values = {}): Values => ({
	deviceId: "press",
	statusReason,
	...rest,
});

/** A device that was deployed while its keys could be read, which now cannot. */
async function deployThenWithhold(hub: HubStage, form: (typeof FORMS)[number] = "null"): Promise<Resource> {
	const resource = await hub.deploy(declareReason("new"));
	hub.control.switches.withheldKeys = form;
	return resource;
}

for (const form of FORMS) {
	describe(`A device whose keys are withheld (${form})`, () => {
		test(
			"is not updated, and is updated once the keys can be read",
			withHub(
				async (hub) => {
					const resource = await deployThenWithhold(hub, form);
					const keys = hub.getDevice("press").authentication;
					await assertRefused(hub, () => resource.up(declareReason("changed")));
					hub.control.switches.withheldKeys = "none";
					assert.equal(await resource.up(declareReason("changed")), "update");
					assert.deepEqual(hub.getDevice("press").authentication, keys);
					await assertDeviceInStep(hub, resource, declareReason("changed"));
				},
				{ config: NOT_STORED },
			),
		);
		test(
			"is not written to undo drift",
			withHub(async (hub) => {
				const resource = await deployThenWithhold(hub, form);
				hub.control.devices.change("press", { statusReason: "seized" });
				await assertRefused(hub, () => resource.up(declareReason("new")));
			}),
		);
		test(
			"is not disabled instead of deleted",
			withHub(
				async (hub) => {
					const resource = await deployThenWithhold(hub, form);
					await assertRefused(hub, () => resource.destroy());
				},
				{ config: { "iothub:disableOnDelete": "true" } },
			),
		);
		test(
			"is not written by an adoption, and is adopted if it is as declared",
			withHub(
				async (hub) => {
					hub.seed({ deviceId: "press", statusReason: "theirs" });
					hub.control.switches.withheldKeys = form;
					const resource = hub.createResource();
					await assertRefused(hub, () => resource.up(declareReason("ours", { adopt: true })));
					const rotation = { keyType: "secondary", generation: 1 };
					const rotating = declareReason("theirs", { adopt: true, authentication: { rotation } });
					await assertRefused(hub, () => resource.up(rotating));
					assert.equal(resource.state, undefined);
					await resource.up(declareReason("theirs", { adopt: true }));
					await assertDeviceInStep(hub, resource, declareReason("theirs", { adopt: true }));
				},
				{ config: NOT_STORED },
			),
		);
		for (const keyType of ["primary", "secondary", "swap"]) {
			test(
				`is not recorded as rotated (${keyType})`,
				withHub(
					async (hub) => {
						const resource = await deployThenWithhold(hub, form);
						const rotation = { keyType, generation: 1 };
						const program = declareReason("new", { authentication: { rotation } });
						await assertRefused(hub, () => resource.up(program));
						const before = hub.getDevice("press").authentication.symmetricKey;
						hub.control.switches.withheldKeys = "none";
						assert.equal(await resource.up(program), "update");
						assert.notDeepEqual(hub.getDevice("press").authentication.symmetricKey, before);
					},
					{ config: NOT_STORED },
				),
			);
		}
		test(
			"is refused in api-version 2015-08-15-preview, which cannot distinguish it from one with a certificate",
			withHub(
				async (hub) => {
					const resource = await deployThenWithhold(hub, form);
					await assertRefused(
						hub,
						() => resource.up(declareReason("changed")),
						/^iothub:apiVersion is 2015-08-15-preview, in which device "press" has no keys: .* RegistryWrite/,
					);
				},
				{ config: PREVIEW_2015 },
			),
		);
	});
}

describe("A device whose keys are withheld", () => {
	test(
		"is updated with the keys in state while its etag proves that they are unchanged",
		withHub(async (hub) => {
			const resource = await deployThenWithhold(hub);
			const { authentication } = hub.getDevice("press");
			await resource.up(declareReason("changed"));
			await resource.up(declareReason("changed again"));
			assert.deepEqual(hub.getDevice("press").authentication, authentication);
			assert.equal(resource.getOutput("primaryKey"), authentication.symmetricKey.primaryKey);
			await assertDeviceInStep(hub, resource, declareReason("changed again"));
		}),
	);
	test(
		"does not get the keys of state back once somebody else may have changed them",
		withHub(async (hub) => {
			const resource = await deployThenWithhold(hub);
			hub.control.devices.rotateKeys("press");
			await resource.refresh();
			assert.equal(resource.getOutput("primaryKey"), undefined);
			assert.equal(resource.getOutput("primaryConnectionString"), undefined);
			await assertRefused(hub, () => resource.up(declareReason("changed")));
		}),
	);
	test(
		"keeps its credentials in state after a refresh under the same etag",
		withHub(async (hub) => {
			const resource = await deployThenWithhold(hub);
			const before = resource.getOutput("secondaryConnectionString");
			await resource.refresh();
			assert.equal(resource.getOutput("secondaryConnectionString"), before);
		}),
	);
	test(
		"is created with declared keys, and gets declared keys or a certificate by an update",
		withHub(async (hub) => {
			hub.control.switches.withheldKeys = "null";
			const symmetricKey = KEYS;
			const resource = await hub.deploy({ deviceId: "press", authentication: { symmetricKey } });
			assert.equal(resource.getOutput("primaryKey"), KEYS.primaryKey);
			const other = { ...KEYS, secondaryKey: Buffer.alloc(32, 3).toString("base64") };
			hub.control.devices.change("press", { statusReason: "theirs" });
			await resource.up({ deviceId: "press", authentication: { symmetricKey: other } });
			assert.deepEqual(hub.getDevice("press").authentication.symmetricKey, other);
			const x509Thumbprint = { primaryThumbprint: THUMBPRINT };
			await resource.up({ deviceId: "press", authentication: { type: "selfSigned", x509Thumbprint } });
			assert.equal(hub.getDevice("press").authentication.type, "selfSigned");
		}),
	);
	test(
		"is deleted",
		withHub(async (hub) => {
			const resource = await deployThenWithhold(hub);
			hub.control.devices.change("press", {});
			await resource.destroy();
			assert.equal(hub.control.devices.get("press"), undefined);
		}),
	);
	test(
		"is not swapped a second time by a run that can read the keys again",
		withHub(
			async (hub) => {
				const resource = await hub.deploy(declareReason("new"));
				const { state } = resource;
				const program = declareReason("new", {
					authentication: { rotation: { keyType: "swap", generation: 1 } },
				});
				await resource.up(program);
				const swapped = hub.getDevice("press").authentication;
				resource.state = state;
				hub.control.switches.withheldKeys = "null";
				await resource.refresh();
				hub.control.switches.withheldKeys = "none";
				await resource.up(program);
				assert.deepEqual(hub.getDevice("press").authentication, swapped);
			},
			{ config: NOT_STORED },
		),
	);
	test(
		"has no credentials for a program to look up, and the error names the permission",
		withHub(async (hub) => {
			await deployThenWithhold(hub);
			const { functions } = hub.open();
			await assertRefused(hub, () => functions.getCredentials({ deviceId: "press" }));
		}),
	);
});
