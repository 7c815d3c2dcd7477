import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { IOTHUB_SETTINGS, readDeviceSettings } from "../../../provider/iothub/settings.ts";
import { createSettingReader } from "../doubles.ts";

const read = (config: Readonly<Record<string, string>>) => readDeviceSettings(createSettingReader(config));
const MINUTES = 20 * 60_000;

test("everything has a default", () => {
	assert.deepEqual(read({}), {
		apiVersion: "2021-04-12",
		storeCredentials: true,
		deviceHostName: "classic",
		onDrift: { policy: "reconcile", setting: "iothub:onDrift", isConfigured: false },
		limits: { delete: undefined, disable: undefined, changeKeys: undefined },
		disableOnDelete: false,
		timeouts: { create: MINUTES, read: MINUTES, update: MINUTES, delete: MINUTES },
		caFile: undefined,
		sku: undefined,
		units: 1,
	});
});

test("everything can be set", () => {
	const settings = read({
		"iothub:apiVersion": "2015-08-15-preview",
		"iothub:storeCredentials": "false",
		"iothub:deviceHostName": "device",
		"iothub:onDrift": "fail",
		"iothub:maxDeletes": "0",
		"iothub:maxDisables": "5",
		"iothub:maxKeyChanges": "10",
		"iothub:disableOnDelete": "true",
		"iothub:timeouts": "5m",
		"iothub:caFile": __filename,
		"iothub:sku": "S2",
		"iothub:units": "3",
	});
	assert.deepEqual(settings, {
		apiVersion: "2015-08-15-preview",
		storeCredentials: false,
		deviceHostName: "device",
		onDrift: { policy: "fail", setting: "iothub:onDrift", isConfigured: true },
		limits: {
			delete: { max: 0, setting: "iothub:maxDeletes" },
			disable: { max: 5, setting: "iothub:maxDisables" },
			changeKeys: { max: 10, setting: "iothub:maxKeyChanges" },
		},
		disableOnDelete: true,
		timeouts: { create: 300_000, read: 300_000, update: 300_000, delete: 300_000 },
		caFile: __filename,
		sku: "S2",
		units: 3,
	});
});

test("the stricter value of settings that protect devices applies, and the configuration's value of the others", () => {
	const loose = {
		"iothub:onDrift": "reconcile",
		"iothub:maxDeletes": "9",
		"iothub:maxDisables": "9",
		"iothub:maxKeyChanges": "9",
		"iothub:disableOnDelete": "false",
		"iothub:units": "2",
	};
	const strict = {
		IOTHUB_ON_DRIFT: "fail",
		IOTHUB_MAX_DELETES: "1",
		IOTHUB_MAX_DISABLES: "2",
		IOTHUB_MAX_KEY_CHANGES: "3",
		IOTHUB_DISABLE_ON_DELETE: "true",
		IOTHUB_UNITS: "1",
	};
	const { onDrift, limits, disableOnDelete, units } = readDeviceSettings(createSettingReader(loose, strict));
	assert.deepEqual(
		[onDrift.policy, limits.delete?.max, limits.disable?.max, limits.changeKeys?.max, disableOnDelete, units],
		["fail", 1, 2, 3, true, 2],
	);
});

describe("an invalid setting is reported with its key", () => {
	const faults: readonly [key: string, text: string, expected: RegExp][] = [
		["iothub:apiVersion", "2016-11-14", /must be "2021-04-12" or "2015-08-15-preview"/],
		["iothub:storeCredentials", "no", /must be "true" or "false"/],
		["iothub:onDrift", "ignore", /must be "reconcile" or "fail"/],
		["iothub:timeouts", "5", /a duration is written like/],
		["iothub:caFile", "/no/such.pem", /names the file "\/no\/such\.pem", which does not exist here \(/],
		["iothub:sku", "s1", /must be "F1" or "B1" or "B2" or "B3" or "S1" or "S2" or "S3"/],
		["iothub:units", "0", /must be a whole number of at least 1/],
	];
	for (const [key, text, expected] of faults) {
		test(key, () => assert.throws(() => read({ [key]: text }), { key, message: expected }));
	}
});

test("every setting has a key in the namespace, a variable, an example and a meaning", () => {
	for (const setting of Object.values(IOTHUB_SETTINGS)) {
		assert.match(setting.key, /^iothub:[a-z][A-Za-z]+$/);
		assert.ok(setting.env.length > 0 && setting.example !== "", setting.key);
		assert.match(setting.description, /\.$/);
	}
});

test("settings that contain a key, a token or a password are secret", () => {
	const secret = Object.values(IOTHUB_SETTINGS).filter((setting) => "secret" in setting);
	assert.deepEqual(
		secret.map(({ key }) => key),
		[
			"iothub:connectionString",
			"iothub:clientSecret",
			"iothub:clientCertificatePassword",
			"iothub:oidcToken",
		],
	);
});
