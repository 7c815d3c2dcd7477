import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readTwinEtag, TwinAccess } from "../../../provider/iothub/twinEtag.ts";
import { fixture } from "../../fixtures/iot-hub/fixtures.ts";
import type { ScriptedStep } from "../doubles.ts";
import { createHubAnswer, createHubRefusal, createScriptedHub } from "./hubClient.ts";

function createTwinReader(...steps: readonly ScriptedStep[]) {
	const warnings: string[] = [];
	const twinAccess = new TwinAccess((text) => warnings.push(text));
	const hub = createScriptedHub(...steps);
	const readEtag = (deviceId = "dev-1") => readTwinEtag(hub, deviceId, twinAccess);
	const confirmDeviceRead = () => twinAccess.confirmDeviceRead("fleet.example");
	return { readEtag, sent: hub.sent, warnings, confirmDeviceRead };
}

test("the etag of the identity is returned, not the twin's own", async () => {
	const { readEtag, sent } = createTwinReader(
		createHubAnswer({ ...fixture("twin.response"), deviceId: "a/b" }),
	);
	assert.equal(await readEtag("a/b"), "MTIzNDU2Nzkw");
	assert.equal(sent[0]?.url.pathname, "/twins/a%2Fb");
	assert.equal(sent[0]?.meter, "twin");
});

test("a twin without the identity's etag returns undefined", async () => {
	assert.equal(await createTwinReader(createHubAnswer({ deviceId: "a" })).readEtag(), undefined);
});

test("the twin of another device is an error", async () => {
	await assert.rejects(
		createTwinReader(createHubAnswer({ deviceId: "dev-2", deviceEtag: "MQ==" })).readEtag(),
		{
			name: "UnreadableAnswer",
			message: 'reading the twin of device "dev-1" failed: the response is about another device, "dev-2"',
		},
	);
});

test("a missing twin returns undefined, and the next twin is read", async () => {
	const { readEtag, sent, warnings } = createTwinReader(createHubRefusal(404, "DeviceNotFound"));
	assert.equal(await readEtag(), undefined);
	assert.equal(await readEtag(), undefined);
	assert.equal(sent.length, 2);
	assert.deepEqual(warnings, []);
});

describe("a hub that refuses its twins", () => {
	const permission = /use a policy that also has ServiceConnect \(such as iothubowner\), or a role/;
	for (const [status, code, advice] of [
		[400, "InvalidOperation", permission],
		[401, "IotHubUnauthorizedAccess", permission],
		[
			403,
			"OperationNotAvailableInCurrentTier",
			/fewer reads\. Hubs of the Basic editions have neither twins nor queries\.$/,
		],
	] as const) {
		test(`by ${status} is not asked again, and one warning is shown once a device was read`, async () => {
			const { readEtag, sent, warnings, confirmDeviceRead } = createTwinReader(
				createHubRefusal(status, code),
			);
			assert.deepEqual(
				[await readEtag(), await readEtag(), await readEtag()],
				[undefined, undefined, undefined],
			);
			assert.equal(sent.length, 1);
			assert.deepEqual(warnings, [], "a wrong key is refused for twins, too");
			confirmDeviceRead();
			confirmDeviceRead();
			assert.equal(warnings.length, 1);
			assert.match(
				warnings.join(),
				new RegExp(`^Hub fleet\\.example refuses to return device twins \\(${status} ${code}\\)`),
			);
			assert.match(warnings.join(), advice);
		});
	}
});

test("any other error is thrown, because drift could go unnoticed", async () => {
	await assert.rejects(createTwinReader(createHubRefusal(500, "ServerError")).readEtag(), {
		code: "ServiceError",
		status: 500,
	});
	await assert.rejects(createTwinReader({ status: 200, text: "<html>" }).readEtag(), {
		code: "UnreadableAnswer",
	});
});
