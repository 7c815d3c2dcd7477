import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AdoptableDevices } from "../../../provider/iothub/adopt.ts";
import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import type { AdoptedObject } from "../../../provider/resource/state.ts";
import { catchError } from "../scene.ts";
import type { HubStage } from "../subject/hubStage.ts";
import { EDGE, takeWrites, withHub } from "./withFleet.ts";

const THUMBPRINT = "AB".repeat(20);

/** Two gateways, one below the other, and devices of every type. */
function seedByHand({ control: { devices } }: HubStage): void {
	const [plant] = devices.seed([{ deviceId: "plant", ...EDGE }]);
	const [line] = devices.seed([{ deviceId: "line", ...EDGE, parentScopes: [plant?.deviceScope ?? ""] }]);
	devices.seed([
		{ deviceId: "a-sensor", deviceScope: line?.deviceScope ?? "", status: "disabled", statusReason: "spare" },
		{ deviceId: "__proto__" },
		{
			deviceId: "pinned",
			authentication: { type: "selfSigned", x509Thumbprint: { primaryThumbprint: THUMBPRINT } },
		},
		{ deviceId: "signed", authentication: { type: "certificateAuthority" } },
	]);
}

/** Asserts that a plan with the same inputs finds no changes, prints nothing and writes nothing. */
async function assertUnchanged(
	hub: HubStage,
	life: ResourceProvider,
	{ id, inputs, outputs }: AdoptedObject,
): Promise<void> {
	const said = hub.words.said.length;
	hub.control.requests.reset();
	const { inputs: checked, failures } = await life.check({}, inputs);
	assert.deepEqual([failures, checked], [[], inputs]);
	assert.deepEqual(await life.diff(id, { ...outputs }, checked), {
		changes: false,
		replaces: [],
		deleteBeforeReplace: false,
	});
	assert.deepEqual(takeWrites(hub), []);
	assert.deepEqual(hub.words.said.slice(said), []);
}

function assertNoSecrets(hub: HubStage, object: unknown): void {
	const text = JSON.stringify(object);
	for (const secret of hub.listSecrets()) assert.ok(!text.includes(secret));
}

const find = (
	hub: HubStage,
	args: Parameters<ReturnType<HubStage["open"]>["findAdoptable"]>[0] = {},
): Promise<AdoptableDevices> => hub.open().findAdoptable(args);

describe("A hub that was set up by hand is adopted", () => {
	for (const exact of [false, true]) {
		test(
			`as a fleet, ${exact ? "by reading each twin" : "by a query alone"}, and the next plan has no changes`,
			withHub(async (hub) => {
				seedByHand(hub);
				const found = await find(hub, { exact });
				const twins = Array.from({ length: exact ? 6 : 0 }, () => "GET /twins/{id}");
				assert.deepEqual(hub.asked(), ["POST /devices/query", ...twins]);
				const { fleet, devices, skipped, idsWithUnmanagedParent } = found.toFleet();
				assert.deepEqual([skipped, idsWithUnmanagedParent], [[], []]);
				assert.deepEqual(devices.get("a-sensor"), {
					status: "disabled",
					statusReason: "spare",
					authentication: { type: "sas" },
					parent: "line",
				});
				assert.deepEqual([...devices.keys()], ["__proto__", "a-sensor", "line", "pinned", "plant", "signed"]);
				assertNoSecrets(hub, fleet);
				await assertUnchanged(hub, hub.open().deviceFleet, fleet);
			}),
		);
	}

	test(
		"as single devices, by reading each from the registry, and the next plan has no changes",
		withHub(async (hub) => {
			seedByHand(hub);
			const { devices, skipped } = await (await find(hub)).toResources();
			assert.deepEqual(skipped, []);
			assert.deepEqual(
				devices.map(({ id, parent }) => [id, parent]).filter(([, parent]) => parent !== undefined),
				[
					["a-sensor", "line"],
					["line", "plant"],
				],
			);
			assertNoSecrets(hub, devices);
			assert.equal(devices[1]?.outputs["generationId"], hub.getDevice("a-sensor").generationId);
			for (const device of devices) await assertUnchanged(hub, hub.open().deviceIdentity, device);
		}),
	);

	test(
		"in part, by a query; a parent outside of the part is not declared in a fleet, and is declared by its scope in a single device",
		withHub(async (hub) => {
			seedByHand(hub);
			const found = await find(hub, { query: "SELECT * FROM devices WHERE status = 'disabled'" });
			assert.equal(found.count, 1);
			const { devices, idsWithUnmanagedParent, fleet } = found.toFleet();
			assert.deepEqual(
				[idsWithUnmanagedParent, devices.get("a-sensor")?.["parent"]],
				[["a-sensor"], undefined],
			);
			await assertUnchanged(hub, hub.open().deviceFleet, fleet);
			const [device] = (await found.toResources()).devices;
			assert.ok(device);
			assert.deepEqual(
				[device.parent, device.inputs["deviceScope"]],
				[undefined, hub.getDevice("line").deviceScope],
			);
			await assertUnchanged(hub, hub.open().deviceIdentity, device);
		}),
	);

	test(
		"by a query that returns only ids, by reading the twin of each",
		withHub(async (hub) => {
			seedByHand(hub);
			const found = await find(hub, { query: "SELECT deviceId FROM devices" });
			assert.equal(found.count, 6);
			await assertUnchanged(hub, hub.open().deviceFleet, found.toFleet().fleet);
		}),
	);

	test(
		"page by page",
		withHub(async (hub) => {
			const ids = Array.from({ length: 1_200 }, (_, at) => `d-${at}`);
			hub.control.devices.seed(ids.map((deviceId) => ({ deviceId })));
			const found = await find(hub);
			assert.deepEqual(hub.asked(), ["POST /devices/query", "POST /devices/query"]);
			assert.equal(found.count, 1_200);
			assert.equal(found.toFleet().fleet.outputs["count"], 1_200);
		}),
	);
});

test(
	"A device that is deleted before it is read is omitted",
	withHub(async (hub) => {
		seedByHand(hub);
		const found = await find(hub);
		hub.control.devices.remove("signed");
		const { devices } = await found.toResources();
		assert.deepEqual(
			devices.filter(({ id }) => id === "signed"),
			[],
		);
	}),
);

test(
	"A certificate that cannot be declared is not declared",
	withHub(async (hub) => {
		const x509Thumbprint = { secondaryThumbprint: THUMBPRINT };
		hub.control.devices.seed([{ deviceId: "odd", authentication: { type: "selfSigned", x509Thumbprint } }]);
		const found = await find(hub);
		const { devices, fleet, skipped } = found.toFleet();
		assert.deepEqual([devices.get("odd"), skipped], [{ status: "enabled" }, []]);
		await assertUnchanged(hub, hub.open().deviceFleet, fleet);
	}),
);

test(
	"Adopted devices are deleted, and their drift is reported",
	withHub(async (hub) => {
		seedByHand(hub);
		const { id, inputs, outputs } = (await find(hub)).toFleet().fleet;
		hub.control.devices.change("signed", { status: "disabled" });
		const { changes } = await hub.words.listenTo(hub.open().deviceFleet).diff(id, { ...outputs }, inputs);
		assert.equal(changes, true);
		assert.match(hub.words.said.at(-2) ?? "", /signed was changed outside Pulumi/);
		hub.control.devices.change("signed", { status: "enabled" });
		await hub.open().deviceFleet.delete(id, { ...outputs });
		assert.deepEqual(hub.control.devices.list(), []);
	}),
);

test(
	"A query that does not return devices fails with an example of a valid query",
	withHub(async (hub) => {
		seedByHand(hub);
		const { message } = await catchError(find(hub, { query: "SELECT status FROM devices" }));
		assert.match(
			message,
			/^The query returns rows that are not devices; write it like "SELECT \* FROM devices/,
		);
	}),
);

test(
	"An api-version without queries fails with an error that names the setting",
	withHub(
		async (hub) => {
			const { message } = await catchError(find(hub));
			assert.match(message, /^iothub:apiVersion is 2015-08-15-preview, which does not support queries/);
		},
		{ config: { "iothub:apiVersion": "2015-08-15-preview" } },
	),
);
