import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { AutopilotFleet } from "../../../provider/sdk/autopilotFleet.ts";
import { AutopilotIdentity } from "../../../provider/sdk/autopilotIdentity.ts";
import { DeviceFleet } from "../../../provider/sdk/deviceFleet.ts";
import { DeviceIdentity } from "../../../provider/sdk/deviceIdentity.ts";
import { MockedEngine } from "./mockedEngine.ts";

new MockedEngine((inputs) => ({ state: inputs }));

/** Declares a resource and returns the inputs and options that the class passes to Pulumi's SDK, before the SDK merges any secrets. */
function capture(declare: (opts: pulumi.CustomResourceOptions) => pulumi.Resource): {
	props: Readonly<Record<string, unknown>>;
	opts: pulumi.CustomResourceOptions;
} {
	let captured: pulumi.ResourceTransformationArgs | undefined;
	const transformation: pulumi.ResourceTransformation = (args) => {
		captured = args;
		return undefined;
	};
	declare({ transformations: [transformation] });
	assert.ok(captured, "the transformation was not called");
	return { props: captured.props, opts: captured.opts };
}

/** Whether an input is a secret of its own. */
async function isSecretInput(value: unknown): Promise<boolean> {
	return pulumi.Output.isInstance(value) && (await pulumi.isSecret(value));
}

const KEYS = { primaryKey: "cHJpbWFyeQ==", secondaryKey: "c2Vjb25kYXJ5" };
const machine = { serialNumber: "5CG1", hardwareIdentifier: "aGFzaA==" };

describe("plain strings become secrets", () => {
	const authentications = {
		symmetricKey: { type: "sas", symmetricKey: KEYS },
		derivedFrom: { type: "sas", derivedFrom: KEYS },
	} as const;
	for (const [property, authentication] of Object.entries(authentications)) {
		test(`DeviceIdentity authentication.${property} is a secret of its own, and the type is not`, async () => {
			const { props } = capture((opts) => new DeviceIdentity("d", { authentication }, opts));
			const { [property]: key, type } = Object(props["authentication"]);
			assert.equal(await isSecretInput(key), true);
			assert.equal(await isSecretInput(type), false);
		});

		test(`DeviceIdentity authentication.${property} is a secret if the whole authentication is an output`, async () => {
			const { props } = capture(
				(opts) => new DeviceIdentity("d", { authentication: pulumi.output(authentication) }, opts),
			);
			assert.equal(await isSecretInput(Object(props["authentication"])[property]), true);
		});
	}

	test("DeviceFleet devices are a secret if one device declares a key, and not otherwise", async () => {
		const authentication = { type: "sas", symmetricKey: KEYS } as const;
		const keyed = capture(
			(opts) => new DeviceFleet("f", { devices: { a: {}, b: { authentication } } }, opts),
		);
		assert.equal(await isSecretInput(keyed.props["devices"]), true);
		assert.deepEqual(keyed.opts.additionalSecretOutputs, ["__members"]);
		const plain = capture((opts) => new DeviceFleet("g", { devices: { a: {} } }, opts));
		assert.equal(await isSecretInput(plain.props["devices"]), false);
	});

	test("DeviceFleet devices are a secret if the defaults declare a key", async () => {
		const defaults = { authentication: { type: "sas", symmetricKey: KEYS } } as const;
		const { props } = capture((opts) => new DeviceFleet("f", { devices: { a: {} }, defaults }, opts));
		assert.equal(await isSecretInput(props["devices"]), true);
	});

	test("DeviceFleet derivedFrom is a secret", async () => {
		for (const derivedFrom of ["Z3JvdXA=", KEYS]) {
			const { props } = capture((opts) => new DeviceFleet("f", { devices: {}, derivedFrom }, opts));
			assert.equal(await isSecretInput(props["derivedFrom"]), true);
		}
	});

	test("AutopilotIdentity hardwareIdentifier is a secret", async () => {
		const { props } = capture((opts) => new AutopilotIdentity("m", machine, opts));
		assert.equal(await isSecretInput(props["hardwareIdentifier"]), true);
	});

	test("AutopilotFleet machines are a secret", async () => {
		const { props } = capture((opts) => new AutopilotFleet("k", { machines: [machine] }, opts));
		assert.equal(await isSecretInput(props["machines"]), true);
	});
});

describe("additionalSecretOutputs of the program are kept beside those of the class", () => {
	const opts = { additionalSecretOutputs: ["etag"] };
	const classes: Readonly<Record<string, (opts: pulumi.CustomResourceOptions) => pulumi.Resource>> = {
		DeviceIdentity: (more) => new DeviceIdentity("d", {}, { ...opts, ...more }),
		"DeviceIdentity without stored credentials": (more) =>
			new DeviceIdentity("e", { storeCredentials: false }, { ...opts, ...more }),
		DeviceFleet: (more) => new DeviceFleet("f", { devices: {} }, { ...opts, ...more }),
		AutopilotIdentity: (more) => new AutopilotIdentity("m", machine, { ...opts, ...more }),
		AutopilotFleet: (more) => new AutopilotFleet("k", { machines: [machine] }, { ...opts, ...more }),
	};
	for (const [title, declare] of Object.entries(classes)) {
		test(title, () => {
			const { opts: passed } = capture(declare);
			assert.ok(passed.additionalSecretOutputs?.includes("etag"));
			const hasKeys = title === "DeviceIdentity";
			assert.equal(passed.additionalSecretOutputs?.includes("primaryKey"), hasKeys);
		});
	}
});
