import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readTwinEtag, TwinAccess } from "../../../provider/iothub/twinEtag.ts";
import { fixture } from "../../fixtures/iot-hub/fixtures.ts";
import type { ScriptedStep } from "../doubles.ts";
import { createHubAnswer, createHubRefusal, createScriptedHub } from "./hubClient.ts";

function prober(...steps: readonly ScriptedStep[]) {
	const said: string[] = [];
	const access = new TwinAccess((text) => said.push(text));
	const { client, sent, deadline } = createScriptedHub(...steps);
	const probe = (deviceId = "dev-1") =>
		readTwinEtag(client, { deviceId, apiVersion: "2021-04-12", deadline, twinAccess: access });
	return { probe, sent, said };
}

test("a twin tells the etag of the identity, not its own", async () => {
	const { probe, sent } = prober(createHubAnswer({ ...fixture("twin.response"), deviceId: "a/b" }));
	assert.equal(await probe("a/b"), "MTIzNDU2Nzkw");
	assert.equal(sent[0]?.url.pathname, "/twins/a%2Fb");
	assert.equal(sent[0]?.meter, "twin");
});

test("a twin without the identity's etag tells nothing", async () => {
	assert.equal(await prober(createHubAnswer({ deviceId: "a" })).probe(), undefined);
});

test("the twin of another device is an error", async () => {
	await assert.rejects(prober(createHubAnswer({ deviceId: "dev-2", deviceEtag: "MQ==" })).probe(), {
		name: "UnreadableAnswer",
		message: 'reading the twin of device "dev-1" failed: the answer is about another device, "dev-2"',
	});
});

test("a twin that does not exist tells nothing, and the next one is asked again", async () => {
	const { probe, sent, said } = prober(createHubRefusal(404, "DeviceNotFound"));
	assert.equal(await probe(), undefined);
	assert.equal(await probe(), undefined);
	assert.equal(sent.length, 2);
	assert.deepEqual(said, []);
});

describe("a hub that refuses its twins", () => {
	const permission = /use a policy that has ServiceConnect too \(as iothubowner has\), or a role/;
	for (const [status, code, advice] of [
		[400, "InvalidOperation", permission],
		[401, "IotHubUnauthorizedAccess", permission],
		[
			403,
			"OperationNotAvailableInCurrentTier",
			/fewer reads\. Hubs of the Basic editions have neither twins nor queries\.$/,
		],
	] as const) {
		test(`by ${status} is not asked again, and that is said once`, async () => {
			const { probe, sent, said } = prober(createHubRefusal(status, code));
			assert.deepEqual([await probe(), await probe(), await probe()], [undefined, undefined, undefined]);
			assert.equal(sent.length, 1);
			assert.equal(said.length, 1);
			assert.match(
				said.join(),
				new RegExp(`^Hub fleet\\.example refuses to show device twins \\(${status} ${code}\\)`),
			);
			assert.match(said.join(), advice);
		});
	}
});

test("any other trouble is an error, for the object may be drifting unseen", async () => {
	await assert.rejects(prober(createHubRefusal(500, "ServerError")).probe(), {
		code: "ServiceError",
		status: 500,
	});
	await assert.rejects(prober({ status: 200, text: "<html>" }).probe(), { code: "UnreadableAnswer" });
});
