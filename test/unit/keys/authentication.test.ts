import assert from "node:assert/strict";
import { test } from "node:test";
import type { Unwrap } from "@pulumi/pulumi";
import {
	AUTHENTICATION_TYPES,
	DEVICE_STATUSES,
	KEY_PAIR_REMEDY,
} from "../../../provider/keys/authentication.ts";
import type { FleetDevice } from "../../../provider/sdk/deviceFleet.ts";
import type { DeviceIdentityArgs } from "../../../provider/sdk/deviceIdentity.ts";
import { readSources } from "../../sources.ts";

type Device = Unwrap<DeviceIdentityArgs>;

/** The values of the public types; a missing or an additional value does not compile. */
const PUBLIC_TYPES: Readonly<
	Record<
		| Exclude<Exclude<Device["authentication"], undefined>["type"], undefined>
		| Exclude<Exclude<FleetDevice["authentication"], undefined>["type"], undefined>,
		true
	>
> = { sas: true, selfSigned: true, certificateAuthority: true };

const PUBLIC_STATUSES: Readonly<Record<Exclude<Device["status"] | FleetDevice["status"], undefined>, true>> =
	{
		enabled: true,
		disabled: true,
	};

test("the public types have the same values as the check and the reader of files", () => {
	assert.deepEqual([...AUTHENTICATION_TYPES], Object.keys(PUBLIC_TYPES));
	assert.deepEqual([...DEVICE_STATUSES], Object.keys(PUBLIC_STATUSES));
});

test("no other file repeats the values or the remedy", () => {
	const writtenOut = [
		/\["sas", "selfSigned"/,
		/\["enabled", "disabled"\]/,
		new RegExp(`"${KEY_PAIR_REMEDY}"`),
	];
	const wrong = readSources("provider")
		.filter(({ path }) => path !== "provider/keys/authentication.ts")
		.filter(({ tree }) => writtenOut.some((pattern) => pattern.test(tree.text)))
		.map(({ path }) => path);
	assert.deepEqual(wrong, []);
});
