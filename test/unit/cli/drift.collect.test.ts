import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createDriftReport } from "../../../provider/cli/drift.collect.ts";
import { createDeviceState } from "./deviceState.ts";

describe("an object whose state does not say how to read it", () => {
	const cases: readonly [title: string, kind: string | undefined, message: RegExp][] = [
		[
			"without a kind",
			undefined,
			/^The state of DeviceIdentity "pump" does not say how to read it: its property __provider is missing.* Run `pulumi up`, .* \[CommandError\]$/,
		],
		[
			"of an unknown kind",
			"deviceTwin",
			/^The state of DeviceIdentity "pump" is of the kind "deviceTwin", which this release .* Install the release that deployed it, or a later one\. \[CommandError\]$/,
		],
	];
	for (const [title, kind, message] of cases) {
		test(`is reported with what to do: ${title}`, async () => {
			const { failed, devices, resources } = await createDriftReport(
				await createDeviceState({ kind }),
				"eventual",
			);
			assert.deepEqual([failed, devices.checked, devices.unreadable], [1, 1, 1]);
			assert.deepEqual([resources[0]?.status, resources[0]?.severity], ["unreadable", "warning"]);
			assert.match(resources[0]?.message ?? "", message);
		});
	}
});

test("a hub is named by its classic name, whichever one state has", async () => {
	const values = { deviceId: "pump", hubHostName: "my-hub.service.azure-devices.net" };
	const { resources } = await createDriftReport(
		await createDeviceState({ kind: "deviceIdentity", values }),
		"eventual",
	);
	assert.equal(resources[0]?.hubHostName, "my-hub.azure-devices.net");
});

test("a missing setting is reported with the ways that the command reads, of a secret without --config", async () => {
	const settings = new Map([["iothub:credential", "clientSecret"]]);
	const report = async (given: ReadonlyMap<string, string>): Promise<string> => {
		const { resources } = await createDriftReport(
			await createDeviceState({ kind: "deviceIdentity" }, given),
			"eventual",
		);
		return resources[0]?.message ?? "";
	};
	assert.match(
		await report(settings),
		/^iothub:(\w+) is not set .* Set the environment variable \w+ to <[^>]+>, add --config iothub:\1=<[^>]+>, or name a stack with --stack NAME\. \[ConfigurationError\]$/,
	);
	const application = new Map([...settings, ["iothub:tenantId", "t"], ["iothub:clientId", "c"]]);
	assert.match(
		await report(application),
		/^iothub:clientSecret is not set .* Set the environment variable \w+ to <[^>]+>, or name a stack with --stack NAME\. \[ConfigurationError\]$/,
	);
});
