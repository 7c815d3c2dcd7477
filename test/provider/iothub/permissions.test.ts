import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Credential } from "../../../provider/auth/credential.ts";
import { type HubPermission, suggestPermissionRemedy } from "../../../provider/iothub/permissions.ts";

const ACCESSES: readonly HubPermission[] = ["registryRead", "registryWrite", "twinRead", "query"];

const hubWith = (credential: Partial<Credential>) => ({
	hostName: "fleet.example",
	origin: "https://fleet.example",
	credential: {
		scheme: "sas" as const,
		identity: 'shared access policy "ops"',
		getAuthorizationHeader: async () => "",
		handleUnauthorized: () => false,
		describeClockSkew: () => "",
		...credential,
	},
});

describe("who signs in with a policy", () => {
	test("is told the permission that each request needs, and a policy that has it", () => {
		const told = ACCESSES.map((access) =>
			/permission (\w+) \(as the policy `(\w+)`/.exec(suggestPermissionRemedy(hubWith({}), access))?.slice(1),
		);
		assert.deepEqual(told, [
			["RegistryRead", "registryRead"],
			["RegistryWrite", "registryReadWrite"],
			["ServiceConnect", "service"],
			["ServiceConnect", "service"],
		]);
	});

	test("is told the policy, the hub, and what may be wrong with key and clock", () => {
		assert.equal(
			suggestPermissionRemedy(hubWith({ describeClockSkew: () => " Set the clock." }), "registryRead"),
			'The shared access policy "ops" of hub fleet.example needs the permission RegistryRead (as the policy ' +
				"`registryRead` has it), and the key must be one of its two current ones. Set the clock.",
		);
	});
});

test("who signs in with Entra is told the role that each request needs, and that it takes its time", () => {
	const entra = hubWith({ scheme: "entra", identity: "Microsoft Entra identity (oidc)" });
	assert.equal(
		suggestPermissionRemedy(entra, "registryWrite"),
		"The Microsoft Entra identity (oidc) needs the role IoT Hub Registry Contributor on hub fleet.example (an Owner or " +
			"Contributor has no data permissions), and a new assignment takes some minutes to work.",
	);
	const roles = ACCESSES.map((access) => /the role (.*?) on hub/.exec(suggestPermissionRemedy(entra, access))?.[1]);
	assert.deepEqual(roles, [
		"IoT Hub Registry Contributor or IoT Hub Data Reader",
		"IoT Hub Registry Contributor",
		"IoT Hub Twin Contributor or IoT Hub Data Reader",
		"IoT Hub Twin Contributor or IoT Hub Data Reader",
	]);
});
