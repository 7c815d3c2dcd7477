import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ConnectionLost, NotConnected, ServiceError } from "../../../provider/http/errors.ts";
import { DeviceApi } from "../../../provider/iothub/deviceIdentity.api.ts";
import { formatDevicePath } from "../../../provider/iothub/deviceIdentity.requests.ts";
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

function createScriptedApi(steps: readonly ScriptedStep[], codec = wire2021, listedEtag?: string) {
	const hub = createScriptedHub(...steps);
	const operations = {
		twinAccess: new TwinAccess(() => {}),
		createDeadline: () => hub.deadline,
		createContext: () => ({ ...hub, codec }),
		readListedEtag: async () => listedEtag,
	};
	const api = new DeviceApi(operations, "update", { disableOnDelete: false });
	const sent = () =>
		hub.sent.map(({ method, url, headers }) =>
			`${method} ${url.pathname} ${headers["if-match"] ?? ""}`.trim(),
		);
	return { api, sent, bodies: () => hub.sent.map(({ body }) => JSON.parse(body ?? "null")) };
}

const catchThrown = (work: Promise<unknown>): Promise<unknown> =>
	work.then(
		() => assert.fail("the call succeeded"),
		(error: unknown) => error,
	);

test("an id is one segment of the path, whatever characters it contains", () => {
	assert.equal(formatDevicePath("a-1"), "/devices/a-1");
	assert.equal(formatDevicePath("%2F?:@='$;,"), "/devices/%252F%3F%3A%40%3D'%24%3B%2C");
});

describe("get", () => {
	test("returns a device with its age on the service's clock", async () => {
		const { api, sent } = createScriptedApi([LEAF]);
		const live = await api.get(TARGET);
		assert.equal(live?.etag, LEAF_ETAG);
		assert.equal(live?.ageMs, 10_000);
		assert.deepEqual(sent(), ["GET /devices/dev-1"]);
	});

	test("returns undefined only if the hub itself reports that the device does not exist", async () => {
		assert.equal(
			await createScriptedApi([createHubRefusal(404, "DeviceNotFound")]).api.get(TARGET),
			undefined,
		);
		for (const proxy of [
			{ status: 404, text: "<html>Not Found</html>" },
			{ status: 404 },
			createHubRefusal(404, "JobNotFound"),
		]) {
			await assert.rejects(createScriptedApi([proxy]).api.get(TARGET), { code: "ServiceError", status: 404 });
		}
	});

	test("throws for a response without a device", async () => {
		await assert.rejects(createScriptedApi([createHubAnswer({ deviceId: "dev-1" })]).api.get(TARGET), {
			code: "UnreadableAnswer",
			message: 'reading device "dev-1" failed: the response is not a device',
		});
	});

	test("throws for a response with another device", async () => {
		const other = createHubAnswer({ ...fixture("leaf.response"), deviceId: "dev-2" });
		await assert.rejects(createScriptedApi([other]).api.get(TARGET), {
			code: "UnreadableAnswer",
			message: 'reading device "dev-1" failed: the response is about another device, "dev-2"',
		});
	});

	test("treats a response with another device to a write as lost", async () => {
		const other = createHubAnswer({ ...fixture("leaf.response"), deviceId: "dev-2" });
		await assert.rejects(createScriptedApi([other]).api.create(createDeviceInputs()), ResponseLost);
	});
});

describe("getIfChanged", () => {
	test("reads only the twin if the etag is the same", async () => {
		const { api, sent } = createScriptedApi([TWIN]);
		assert.equal(await api.getIfChanged(TARGET, LEAF_ETAG, "strong"), "unchanged");
		assert.deepEqual(sent(), ["GET /twins/dev-1"]);
	});

	test("reads the device if the etag is another one, or if the twin has none", async () => {
		for (const twin of [
			TWIN,
			createHubAnswer({}),
			createHubRefusal(404, "DeviceNotFound"),
			createHubRefusal(401, "IotHubUnauthorizedAccess"),
		]) {
			const { api, sent } = createScriptedApi([twin, LEAF]);
			assert.equal(typeof (await api.getIfChanged(TARGET, "b2xk", "strong")), "object");
			assert.deepEqual(sent(), ["GET /twins/dev-1", "GET /devices/dev-1"]);
		}
	});

	test("reads the device at once if there is no etag to compare, or the api-version has no twins", async () => {
		const without = createScriptedApi([LEAF]);
		await without.api.getIfChanged(TARGET, "", "strong");
		assert.deepEqual(without.sent(), ["GET /devices/dev-1"]);

		const in2015 = createScriptedApi([createHubAnswer(fixture("device-2015.response"))], wire2015);
		await in2015.api.getIfChanged(TARGET, "MA==", "strong");
		assert.deepEqual(in2015.sent(), ["GET /devices/dev-1"]);
	});

	test("trusts a list only about unchanged devices, and only if eventual consistency is enough", async () => {
		const unchanged = createScriptedApi([LEAF], wire2021, LEAF_ETAG);
		assert.equal(await unchanged.api.getIfChanged(TARGET, LEAF_ETAG, "eventual"), "unchanged");
		assert.deepEqual(unchanged.sent(), []);

		const changed = createScriptedApi([LEAF], wire2021, "b2xk");
		assert.equal(typeof (await changed.api.getIfChanged(TARGET, LEAF_ETAG, "eventual")), "object");
		assert.deepEqual(changed.sent(), ["GET /devices/dev-1"]);

		const strong = createScriptedApi([TWIN], wire2021, "b2xk");
		assert.equal(await strong.api.getIfChanged(TARGET, LEAF_ETAG, "strong"), "unchanged");
		assert.deepEqual(strong.sent(), ["GET /twins/dev-1"]);
	});

	test("returns undefined for a deleted device", async () => {
		const { api } = createScriptedApi([createHubRefusal(404, "DeviceNotFound")]);
		assert.equal(await api.getIfChanged(TARGET, LEAF_ETAG, "strong"), undefined);
	});
});

describe("create", () => {
	const create = (...steps: readonly ScriptedStep[]) =>
		createScriptedApi(steps).api.create(createDeviceInputs());

	test("sends no etag, so that it never replaces anything", async () => {
		const { api, sent, bodies } = createScriptedApi([createHubAnswer(fixture("create-minimal.response"))]);
		const live = await api.create(createDeviceInputs());
		assert.equal(live.etag, "MTIzNDU2Nzg5");
		assert.deepEqual(sent(), ["PUT /devices/dev-1"]);
		assert.deepEqual(bodies(), [fixture("create-minimal.request")]);
	});

	test("throws ObjectExists if the device exists", async () => {
		assert.ok(
			(await catchThrown(create(createHubRefusal(409, "DeviceAlreadyExists")))) instanceof ObjectExists,
		);
	});

	test("throws ResponseLost if the outcome is unknown, and does not send the request again", async () => {
		const lost: readonly ScriptedStep[] = [
			new ConnectionLost("reset"),
			{ status: 200, text: "<html>" },
			createHubAnswer({}),
			...[408, 500, 502, 504].map((status) => ({ status })),
		];
		for (const step of lost) {
			const { api, sent } = createScriptedApi([step]);
			const error = await catchThrown(api.create(createDeviceInputs()));
			assert.ok(error instanceof ResponseLost);
			assert.equal(error.pauseMs, 1_000);
			assert.equal(sent().length, 1);
		}
	});

	test("asks for a longer pause on a busy hub", async () => {
		const error = await catchThrown(create({ status: 503 }));
		assert.ok(error instanceof ResponseLost && error.pauseMs === 10_000);
		const withRetryAfter = await catchThrown(create({ status: 503, headers: { "retry-after": "25" } }));
		assert.ok(
			withRetryAfter instanceof ResponseLost && withRetryAfter.pauseMs === 25_000,
			"the hub's Retry-After applies",
		);
	});

	test("throws the service's error if the create certainly failed", async () => {
		for (const status of [400, 401, 403]) {
			assert.ok((await catchThrown(create(createHubRefusal(status, "X")))) instanceof ServiceError);
		}
		assert.ok((await catchThrown(create(new NotConnected("no", false, undefined)))) instanceof NotConnected);
	});
});

describe("update", () => {
	test("replaces the device under the etag of its base", async () => {
		const { api, sent } = createScriptedApi([LEAF]);
		await api.update(createDeviceInputs({ status: "disabled" }), createLiveDevice());
		assert.deepEqual(sent(), ['PUT /devices/dev-1 "MTA="']);
	});

	test("throws PreconditionFailed if the etag is another one, or the device is gone", async () => {
		for (const step of [
			createHubRefusal(412, "PreconditionFailed"),
			createHubRefusal(404, "DeviceNotFound"),
		]) {
			assert.ok(
				(await catchThrown(
					createScriptedApi([step]).api.update(createDeviceInputs(), createLiveDevice()),
				)) instanceof PreconditionFailed,
			);
		}
	});

	const gateway = createLiveDevice({ capabilities: { iotEdge: true } }, { deviceScope: OTHER_SCOPE });
	const leaf = createDeviceInputs({ capabilities: { iotEdge: false }, deviceScope: SCOPE });

	test("sends the second of two writes under the etag of the first", async () => {
		const { api, sent } = createScriptedApi([
			LEAF,
			createHubAnswer({ ...fixture("leaf-with-parent.response"), deviceId: "dev-1" }),
		]);
		const live = await api.update(leaf, gateway);
		assert.deepEqual(sent(), ['PUT /devices/dev-1 "MTA="', `PUT /devices/dev-1 "${LEAF_ETAG}"`]);
		assert.equal(live.etag, "MTA=");
	});

	test("throws PartiallyApplied with the live device if the second of two writes fails", async () => {
		const error = await catchThrown(
			createScriptedApi([LEAF, createHubRefusal(400, "ArgumentInvalid")]).api.update(leaf, gateway),
		);
		assert.ok(error instanceof PartiallyApplied);
		assert.equal(error.live.etag, LEAF_ETAG);
	});

	test("throws ResponseLost with the intermediate values if the first response is lost", async () => {
		const error = await catchThrown(createScriptedApi([{ status: 500 }]).api.update(leaf, gateway));
		assert.ok(error instanceof ResponseLost);
		const { deviceScope: _, ...orphaned } = leaf;
		assert.deepEqual(error.step, orphaned);
	});

	test("throws PartiallyApplied caused by ResponseLost if the second response is lost", async () => {
		const error = await catchThrown(createScriptedApi([LEAF, { status: 500 }]).api.update(leaf, gateway));
		assert.ok(error instanceof PartiallyApplied && error.cause instanceof ResponseLost);
	});
});

describe("delete", () => {
	const deleteDevice = (...steps: readonly ScriptedStep[]) =>
		createScriptedApi(steps).api.delete(TARGET, "MTA=");

	test("sends the etag", async () => {
		const { api, sent } = createScriptedApi([{ status: 204, text: "" }]);
		await api.delete(TARGET, "MTA=");
		assert.deepEqual(sent(), ['DELETE /devices/dev-1 "MTA="']);
	});

	test("succeeds if the hub itself reports that the device does not exist", async () => {
		await deleteDevice(createHubRefusal(404, "DeviceNotFound"));
		assert.ok((await catchThrown(deleteDevice({ status: 404 }))) instanceof ServiceError);
	});

	test("throws PreconditionFailed for another etag, and ResponseLost for a lost response", async () => {
		assert.ok(
			(await catchThrown(deleteDevice(createHubRefusal(412, "PreconditionFailed")))) instanceof
				PreconditionFailed,
		);
		assert.ok((await catchThrown(deleteDevice(new ConnectionLost("reset")))) instanceof ResponseLost);
	});
});
