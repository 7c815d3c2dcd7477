import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Credential } from "../../../provider/auth/credential.ts";
import type { HttpResponse } from "../../../provider/http/pipeline.ts";
import {
	type HubPermission,
	parseHubError,
	suggestPermissionRemedy,
} from "../../../provider/iothub/errors.ts";
import { createKey } from "./devices.ts";

const REQUEST_ID = "e4a9090f-bc2f-4a78-b13b-a7a01fb30ffe";
const TRACKING = "Tracking ID:e4a9090fbc2f4a78b13ba7a01fb30ffe-G:12-TimeStamp:03/01/2026 08:00:00";

function errorOf(response: Partial<HttpResponse>, remedy = "") {
	const whole = { status: 400, headers: {}, text: "", ...response };
	return parseHubError(whole, {
		operationName: 'creating device "a" in hub h',
		suggestRemedy: () => remedy,
		findScope: () => undefined,
	});
}

describe("an envelope", () => {
	test("of the registry contains a code and a message", () => {
		const text = JSON.stringify({
			Message: "ErrorCode:DeviceAlreadyExists;A device with ID 'a' is already registered.",
			ExceptionMessage: TRACKING,
		});
		const headers = { "iothub-errorcode": "DeviceAlreadyExists", "x-ms-request-id": REQUEST_ID };
		const error = errorOf({ status: 409, headers, text });
		assert.equal(error.serviceCode, "DeviceAlreadyExists");
		assert.equal(error.status, 409);
		assert.equal(error.requestId, REQUEST_ID);
		assert.equal(
			error.message,
			"creating device \"a\" in hub h failed: A device with ID 'a' is already registered. " +
				`(409, DeviceAlreadyExists, request id ${REQUEST_ID}).`,
		);
	});

	test("without the header contains the code too", () => {
		const error = errorOf({ status: 404, text: '{"Message":"ErrorCode:DeviceNotFound;a"}' });
		assert.equal(error.serviceCode, "DeviceNotFound");
		assert.match(error.message, /failed: a \(404, DeviceNotFound\)\.$/);
	});

	test("with a known number has the name of the number", () => {
		const body = { errorCode: 409301, message: "there is one", trackingId: "x", timestampUtc: "y" };
		const error = errorOf({ status: 409, text: JSON.stringify(body) });
		assert.equal(error.serviceCode, "ModuleAlreadyExistsOnDevice");
		assert.match(error.message, /failed: there is one \(409, ModuleAlreadyExistsOnDevice\)/);
	});

	test("with an unknown number has its message", () => {
		const error = errorOf({ text: '{"errorCode":400999,"message":"odd"}' });
		assert.equal(error.serviceCode, "");
		assert.match(error.message, /failed: odd \(400\)\.$/);
	});

	test("as a string inside another envelope is parsed", () => {
		const inner = JSON.stringify({ errorCode: 404001, message: "a" });
		const error = errorOf({ status: 404, text: JSON.stringify({ Message: inner }) });
		assert.equal(error.serviceCode, "DeviceNotFound");
		assert.match(error.message, /failed: a \(404/);
	});

	test("without a code has its message", () => {
		assert.match(
			errorOf({ text: '{"Message":"Precondition failed, Etag missing"}' }).message,
			/: Precondition failed/,
		);
		assert.match(errorOf({ text: '{"Message":"{ not json"}' }).message, /failed: { not json \(400\)/);
	});

	test("keeps line breaks in the message", () => {
		assert.match(
			errorOf({ text: '{"Message":"ErrorCode:A;one\\ntwo"}' }).message,
			/failed: one\ntwo \(400, A\)/,
		);
	});

	test("has a lower priority than the header", () => {
		const headers = { "iothub-errorcode": "DeviceNotFound" };
		const error = errorOf({ headers, text: '{"Message":"ErrorCode:Other;x"}' });
		assert.equal(error.serviceCode, "DeviceNotFound");
	});
});

describe("a response that is not from the registry", () => {
	test("is not shown, whatever it contains", () => {
		const error = errorOf({ status: 502, text: "<html>Bad Gateway, cookie=x</html>" });
		assert.equal(error.serviceCode, "");
		assert.equal(error.message, 'creating device "a" in hub h failed: the response is not JSON (502).');
	});

	test("is shown as its status if it has nothing else", () => {
		assert.equal(errorOf({ status: 503 }).message, 'creating device "a" in hub h failed (503).');
		assert.equal(errorOf({ status: 503, text: "[]" }).message, 'creating device "a" in hub h failed (503).');
		assert.equal(
			errorOf({ status: 400, text: '{"isSuccessful":false}' }).message.endsWith("failed (400)."),
			true,
		);
	});
});

test("the message ends with the remedy", () => {
	assert.match(errorOf({ status: 401 }, "Ask for the role.").message, /\(401\)\. Ask for the role\.$/);
});

test("a key in the service's message is never shown", () => {
	const key = createKey(7);
	for (const message of [`key ${key} is bad`, `SharedAccessKey=${key}`, `{"primaryKey":"${key}"}`]) {
		for (const body of [{ Message: `ErrorCode:A;${message}` }, { errorCode: 400004, message }]) {
			assert.ok(!errorOf({ text: JSON.stringify(body) }).message.includes(key));
		}
	}
});

const PERMISSIONS: readonly HubPermission[] = ["registryRead", "registryWrite", "twinRead", "query"];

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

describe("the remedy for a shared access policy", () => {
	test("names the permission that each request needs, and a policy that has it", () => {
		const grants = PERMISSIONS.map((permission) =>
			/permission (\w+) \(which `(\w+)` has/.exec(suggestPermissionRemedy(hubWith({}), permission))?.slice(1),
		);
		assert.deepEqual(grants, [
			["RegistryRead", "registryRead"],
			["RegistryWrite", "registryReadWrite"],
			["ServiceConnect", "service"],
			["ServiceConnect", "service"],
		]);
	});

	test("names the policy, the hub, and possible faults of key and clock", () => {
		assert.equal(
			suggestPermissionRemedy(hubWith({ describeClockSkew: () => " Set the clock." }), "registryRead"),
			'The key of the shared access policy "ops" of hub fleet.example must be one of its two current keys, and the policy ' +
				"needs the permission RegistryRead (which `registryRead` has). Set the clock.",
		);
	});
});

test("the remedy for Entra names the role that each request needs, and that an assignment takes minutes", () => {
	const entra = hubWith({ scheme: "entra", identity: "Microsoft Entra identity (oidc)" });
	assert.equal(
		suggestPermissionRemedy(entra, "registryWrite"),
		"The Microsoft Entra identity (oidc) needs the role IoT Hub Registry Contributor on hub fleet.example. The roles Owner " +
			"and Contributor have no data permissions. A new role assignment takes a few minutes to take effect.",
	);
	const roles = PERMISSIONS.map(
		(permission) => /the role (.*?) on hub/.exec(suggestPermissionRemedy(entra, permission))?.[1],
	);
	assert.deepEqual(roles, [
		"IoT Hub Registry Contributor or IoT Hub Data Reader",
		"IoT Hub Registry Contributor",
		"IoT Hub Twin Contributor or IoT Hub Data Reader",
		"IoT Hub Twin Contributor or IoT Hub Data Reader",
	]);
});
