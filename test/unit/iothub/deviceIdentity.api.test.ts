import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ConnectionLost, NotConnected, ServiceError } from "../../../provider/http/errors.ts";
import { createDeviceApi, formatDevicePath } from "../../../provider/iothub/deviceIdentity.api.ts";
import { wire2021 } from "../../../provider/iothub/deviceIdentity.wire.ts";
import { wire2015 } from "../../../provider/iothub/deviceIdentity.wire2015.ts";
import { TwinAccess } from "../../../provider/iothub/twinEtag.ts";
import {
	ObjectExists,
	PartiallyApplied,
	PreconditionFailed,
	ResponseLost,
} from "../../../provider/resource/errors.ts";
import { fixture } from "../../fixtures/iot-hub/fixtures.ts";
import type { ScriptedStep } from "../doubles.ts";
import { createDeviceInputs, createLiveDevice, OTHER_SCOPE, SCOPE } from "./devices.ts";
import { createHubAnswer, createHubRefusal, createScriptedHub } from "./hubClient.ts";

const TARGET = { id: "dev-1", values: { hubHostName: "fleet.example" } };
const LEAF = createHubAnswer(fixture("leaf.response"));
const TWIN = createHubAnswer(fixture("twin.response"));
const LEAF_ETAG = "MTIzNDU2Nzkw";

function remoteOver(steps: readonly ScriptedStep[], codec = wire2021, swept?: string) {
	const hub = createScriptedHub(...steps);
	const remote = createDeviceApi({
		codec,
		deadline: hub.deadline,
		disableOnDelete: false,
		getClient: () => hub.client,
		twinAccess: new TwinAccess(() => {}),
		readListedEtag: async () => swept,
	});
	const sent = () =>
		hub.sent.map(({ method, url, headers }) =>
			`${method} ${url.pathname} ${headers["if-match"] ?? ""}`.trim(),
		);
	return { remote, sent, bodies: () => hub.sent.map(({ body }) => JSON.parse(body ?? "null")) };
}

const thrown = (work: Promise<unknown>): Promise<unknown> =>
	work.then(
		() => assert.fail("it was answered"),
		(error: unknown) => error,
	);

test("an id is one segment of the path, whatever characters it has", () => {
	assert.equal(formatDevicePath("a-1"), "/devices/a-1");
	assert.equal(formatDevicePath("%2F?:@='$;,"), "/devices/%252F%3F%3A%40%3D'%24%3B%2C");
});

describe("find", () => {
	test("reads a device, dated by the service's own clock", async () => {
		const { remote, sent } = remoteOver([LEAF]);
		const live = await remote.get(TARGET);
		assert.equal(live?.etag, LEAF_ETAG);
		assert.equal(live?.ageMs, 10_000);
		assert.deepEqual(sent(), ["GET /devices/dev-1"]);
	});

	test("finds none only where the service itself says so", async () => {
		assert.equal(await remoteOver([createHubRefusal(404, "DeviceNotFound")]).remote.get(TARGET), undefined);
		for (const proxy of [
			{ status: 404, text: "<html>Not Found</html>" },
			{ status: 404 },
			createHubRefusal(404, "JobNotFound"),
		]) {
			await assert.rejects(remoteOver([proxy]).remote.get(TARGET), { code: "ServiceError", status: 404 });
		}
	});

	test("takes an answer without a device for no answer", async () => {
		await assert.rejects(remoteOver([createHubAnswer({ deviceId: "dev-1" })]).remote.get(TARGET), {
			code: "UnreadableAnswer",
			message: 'reading device "dev-1" failed: the answer is no device',
		});
	});

	test("refuses the answer about another device", async () => {
		const other = createHubAnswer({ ...fixture("leaf.response"), deviceId: "dev-2" });
		await assert.rejects(remoteOver([other]).remote.get(TARGET), {
			code: "UnreadableAnswer",
			message: 'reading device "dev-1" failed: the answer is about another device, "dev-2"',
		});
	});

	test("takes the answer about another device to a write for a lost one", async () => {
		const other = createHubAnswer({ ...fixture("leaf.response"), deviceId: "dev-2" });
		await assert.rejects(remoteOver([other]).remote.create(createDeviceInputs()), ResponseLost);
	});
});

describe("probe", () => {
	test("asks the twin alone where the etag is the same", async () => {
		const { remote, sent } = remoteOver([TWIN]);
		assert.equal(await remote.getIfChanged(TARGET, LEAF_ETAG, "strong"), "unchanged");
		assert.deepEqual(sent(), ["GET /twins/dev-1"]);
	});

	test("reads the device where it is another one, or where the twin does not tell", async () => {
		for (const twin of [
			TWIN,
			createHubAnswer({}),
			createHubRefusal(404, "DeviceNotFound"),
			createHubRefusal(401, "IotHubUnauthorizedAccess"),
		]) {
			const { remote, sent } = remoteOver([twin, LEAF]);
			assert.equal(typeof (await remote.getIfChanged(TARGET, "b2xk", "strong")), "object");
			assert.deepEqual(sent(), ["GET /twins/dev-1", "GET /devices/dev-1"]);
		}
	});

	test("reads the device at once where there is no etag to compare, or no twin in the dialect", async () => {
		const without = remoteOver([LEAF]);
		await without.remote.getIfChanged(TARGET, "", "strong");
		assert.deepEqual(without.sent(), ["GET /devices/dev-1"]);

		const in2015 = remoteOver([createHubAnswer(fixture("device-2015.response"))], wire2015);
		await in2015.remote.getIfChanged(TARGET, "MA==", "strong");
		assert.deepEqual(in2015.sent(), ["GET /devices/dev-1"]);
	});

	test("takes a list's word that nothing was touched where that is recent enough, and for nothing else", async () => {
		const untouched = remoteOver([LEAF], wire2021, LEAF_ETAG);
		assert.equal(await untouched.remote.getIfChanged(TARGET, LEAF_ETAG, "eventual"), "unchanged");
		assert.deepEqual(untouched.sent(), []);

		const suspect = remoteOver([LEAF], wire2021, "b2xk");
		assert.equal(typeof (await suspect.remote.getIfChanged(TARGET, LEAF_ETAG, "eventual")), "object");
		assert.deepEqual(suspect.sent(), ["GET /devices/dev-1"]);

		const exact = remoteOver([TWIN], wire2021, "b2xk");
		assert.equal(await exact.remote.getIfChanged(TARGET, LEAF_ETAG, "strong"), "unchanged");
		assert.deepEqual(exact.sent(), ["GET /twins/dev-1"]);
	});

	test("finds a deleted device gone", async () => {
		const { remote } = remoteOver([createHubRefusal(404, "DeviceNotFound")]);
		assert.equal(await remote.getIfChanged(TARGET, LEAF_ETAG, "strong"), undefined);
	});
});

describe("create", () => {
	const create = (...steps: readonly ScriptedStep[]) => remoteOver(steps).remote.create(createDeviceInputs());

	test("sends no etag, so that it never replaces anything", async () => {
		const { remote, sent, bodies } = remoteOver([createHubAnswer(fixture("create-minimal.response"))]);
		const live = await remote.create(createDeviceInputs());
		assert.equal(live.etag, "MTIzNDU2Nzg5");
		assert.deepEqual(sent(), ["PUT /devices/dev-1"]);
		assert.deepEqual(bodies(), [fixture("create-minimal.request")]);
	});

	test("that meets a device says so", async () => {
		assert.ok((await thrown(create(createHubRefusal(409, "DeviceAlreadyExists")))) instanceof ObjectExists);
	});

	test("whose outcome nobody knows says so, and is not sent again here", async () => {
		const lost: readonly ScriptedStep[] = [
			new ConnectionLost("reset"),
			{ status: 200, text: "<html>" },
			createHubAnswer({}),
			...[408, 500, 502, 504].map((status) => ({ status })),
		];
		for (const step of lost) {
			const { remote, sent } = remoteOver([step]);
			const error = await thrown(remote.create(createDeviceInputs()));
			assert.ok(error instanceof ResponseLost);
			assert.equal(error.pauseMs, 1_000);
			assert.equal(sent().length, 1);
		}
	});

	test("on a busy hub waits longer before anything is sent again", async () => {
		const error = await thrown(create({ status: 503 }));
		assert.ok(error instanceof ResponseLost && error.pauseMs === 10_000);
		const told = await thrown(create({ status: 503, headers: { "retry-after": "25" } }));
		assert.ok(
			told instanceof ResponseLost && told.pauseMs === 25_000,
			"as long as the hub asks for, where it does",
		);
	});

	test("that certainly failed ends with the service's words", async () => {
		for (const status of [400, 401, 403]) {
			assert.ok((await thrown(create(createHubRefusal(status, "X")))) instanceof ServiceError);
		}
		assert.ok((await thrown(create(new NotConnected("no", false, undefined)))) instanceof NotConnected);
	});
});

describe("write", () => {
	test("replaces the device under the etag of its base", async () => {
		const { remote, sent } = remoteOver([LEAF]);
		await remote.update(createDeviceInputs({ status: "disabled" }), createLiveDevice());
		assert.deepEqual(sent(), ['PUT /devices/dev-1 "MTA="']);
	});

	test("over another etag, or over nothing, says so", async () => {
		for (const step of [
			createHubRefusal(412, "PreconditionFailed"),
			createHubRefusal(404, "DeviceNotFound"),
		]) {
			assert.ok(
				(await thrown(remoteOver([step]).remote.update(createDeviceInputs(), createLiveDevice()))) instanceof
					PreconditionFailed,
			);
		}
	});

	const gateway = createLiveDevice({ capabilities: { iotEdge: true } }, { deviceScope: OTHER_SCOPE });
	const leaf = createDeviceInputs({ capabilities: { iotEdge: false }, deviceScope: SCOPE });

	test("in two steps sends the second one under the etag of the first", async () => {
		const { remote, sent } = remoteOver([
			LEAF,
			createHubAnswer({ ...fixture("leaf-with-parent.response"), deviceId: "dev-1" }),
		]);
		const live = await remote.update(leaf, gateway);
		assert.deepEqual(sent(), ['PUT /devices/dev-1 "MTA="', `PUT /devices/dev-1 "${LEAF_ETAG}"`]);
		assert.equal(live.etag, "MTA=");
	});

	test("that ends after the first of two steps tells what it left", async () => {
		const error = await thrown(
			remoteOver([LEAF, createHubRefusal(400, "ArgumentInvalid")]).remote.update(leaf, gateway),
		);
		assert.ok(error instanceof PartiallyApplied);
		assert.equal(error.live.etag, LEAF_ETAG);
	});

	test("whose first step's answer is lost tells what that step leads to", async () => {
		const error = await thrown(remoteOver([{ status: 500 }]).remote.update(leaf, gateway));
		assert.ok(error instanceof ResponseLost);
		const { deviceScope: _, ...orphaned } = leaf;
		assert.deepEqual(error.step, orphaned);
	});

	test("whose second step's answer is lost tells both", async () => {
		const error = await thrown(remoteOver([LEAF, { status: 500 }]).remote.update(leaf, gateway));
		assert.ok(error instanceof PartiallyApplied && error.cause instanceof ResponseLost);
	});
});

describe("remove", () => {
	const remove = (...steps: readonly ScriptedStep[]) => remoteOver(steps).remote.delete(TARGET, "MTA=");

	test("deletes under the etag", async () => {
		const { remote, sent } = remoteOver([{ status: 204, text: "" }]);
		await remote.delete(TARGET, "MTA=");
		assert.deepEqual(sent(), ['DELETE /devices/dev-1 "MTA="']);
	});

	test("of nothing is done already, if the service itself says so", async () => {
		await remove(createHubRefusal(404, "DeviceNotFound"));
		assert.ok((await thrown(remove({ status: 404 }))) instanceof ServiceError);
	});

	test("tells a moved etag from a lost answer", async () => {
		assert.ok(
			(await thrown(remove(createHubRefusal(412, "PreconditionFailed")))) instanceof PreconditionFailed,
		);
		assert.ok((await thrown(remove(new ConnectionLost("reset")))) instanceof ResponseLost);
	});
});
