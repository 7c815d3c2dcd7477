import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { catchError } from "../scene.ts";
import {
	createDeviceFleet,
	declareDeviceFleet,
	declarePlainDevices,
	deployDeviceFleet,
	EDGE,
	takeWrites,
	withHub,
} from "./withFleet.ts";

const KEY = Buffer.alloc(32, "k").toString("base64");

describe("A fleet is rejected before any request", () => {
	const refusals: Record<string, [Parameters<typeof declareDeviceFleet>[0], RegExp]> = {
		"with an unknown property": [
			{ a: { statuss: "enabled" } },
			/^: a: Device has no property "statuss"\. Did you mean "status"\?$/,
		],
		"with a property that resembles no known one": [
			{ a: { colour: "red" } },
			/^: a: Device has no property "colour"\. It has: status, statusReason, authentication, capabilities, parent, deviceScope, parentScopes\.$/,
		],
		"with a property of the wrong type": [{ a: { status: "on" } }, /^: a: status /],
		"with a bad id": [{ "a b": {} }, /^: a b: deviceId /],
		"with a parent that is not in the fleet": [
			{ a: { parent: "b" } },
			/^: a: parent is "b", which is not one of the fleet's devices and not one of its gateways\.$/,
		],
		"with a parent that is not a string": [
			{ a: { parent: 7 }, "7": { capabilities: { iotEdge: true } } },
			/^: a: parent is "7 \(not a string\)", which is not one/,
		],
		"with a parent that is not a gateway": [
			{ a: { parent: "b" }, b: {} },
			/^: a: parent is "b", which is declared as a device that cannot have children\.$/,
		],
		"with a cycle of parents": [
			{ a: { ...EDGE, parent: "b" }, b: { ...EDGE, parent: "a" } },
			/^: a: parent forms a cycle: a → b → a\.$/,
		],
		"with devices that declare a hub": [
			{ a: { hubHostName: "x.azure-devices.net" } },
			/^: a: hubHostName cannot be set per device/,
		],
	};
	for (const [how, [devices, reason]] of Object.entries(refusals)) {
		test(
			how,
			withHub(async (hub) => {
				const { message } = await catchError(createDeviceFleet(hub).plan(declareDeviceFleet(devices)));
				assert.match(message, reason);
				assert.deepEqual(hub.asked(), []);
			}),
		);
	}
	test(
		"with a string that is not JSON, without printing it",
		withHub(async (hub) => {
			const text = `{"a":{"authentication":{"symmetricKey":{"primaryKey":"${KEY}"}}}`;
			const { message } = await catchError(createDeviceFleet(hub).plan({ devices: text }));
			assert.equal(message, ": devices is not a JSON object with an object for each id.");
		}),
	);
	test(
		"with many errors, of which fifty are listed",
		withHub(async (hub) => {
			const devices = declarePlainDevices(60, {
				status: "on",
				authentication: { symmetricKey: { primaryKey: KEY } },
			});
			const { message } = await catchError(createDeviceFleet(hub).plan(declareDeviceFleet(devices)));
			const lines = message.split("\n");
			assert.equal(lines.length, 51);
			assert.match(lines[50] ?? "", /^: \d+ more errors are not listed\.$/);
			assert.ok(!message.includes(KEY));
		}),
	);
	test(
		"with invalid options, which are reported once and not for each device",
		withHub(async (hub) => {
			const rest = { onDrift: "ignore", adopt: "yes", devics: "{}" };
			const { message } = await catchError(
				createDeviceFleet(hub).plan(declareDeviceFleet(declarePlainDevices(3), rest)),
			);
			const lines = message.split("\n");
			assert.equal(lines.length, 3);
			assert.match(
				lines[0] ?? "",
				/^devics: DeviceFleet has no property "devics"\. Did you mean "devices"\?$/,
			);
			assert.match(lines[1] ?? "", /^adopt: /);
			assert.match(lines[2] ?? "", /^onDrift: /);
		}),
	);
});

test(
	"A fleet that exceeds a free hub is rejected before any request if the edition of the hub is configured",
	withHub(
		async (hub) => {
			const { message } = await catchError(
				createDeviceFleet(hub).plan(declareDeviceFleet(declarePlainDevices(501))),
			);
			assert.equal(
				message,
				": 501 devices are more than the 500 that a free hub (F1) can hold; use a hub of another edition.",
			);
			assert.deepEqual(hub.asked(), []);
		},
		{ config: { "iothub:sku": "F1" } },
	),
);

describe("The limits of a stack count devices", () => {
	const config = { "iothub:maxDeletes": "2", "iothub:maxDisables": "1" };
	test(
		"that a plan would delete, before any is deleted",
		withHub(
			async (hub) => {
				const fleet = await deployDeviceFleet(hub, declarePlainDevices(5));
				const { message } = await catchError(fleet.plan(declareDeviceFleet(declarePlainDevices(2))));
				assert.match(
					message,
					/^iothub:maxDeletes allows at most 2 to be deleted in one run .*, and this run needs 3:/,
				);
				assert.deepEqual(takeWrites(hub), []);
				await fleet.up(declareDeviceFleet(declarePlainDevices(3)));
				assert.equal(hub.control.devices.list().length, 3);
			},
			{ config },
		),
	);
	test(
		"of the whole fleet before the first is deleted",
		withHub(
			async (hub) => {
				const fleet = await deployDeviceFleet(hub, declarePlainDevices(3));
				assert.match(
					(await catchError(fleet.destroy())).message,
					/^iothub:maxDeletes allows at most 2 .* this run needs 3:/,
				);
				assert.deepEqual(takeWrites(hub), []);
				assert.ok(fleet.state);
			},
			{ config },
		),
	);
	test(
		"that a plan would disable",
		withHub(
			async (hub) => {
				const fleet = await deployDeviceFleet(hub, declarePlainDevices(3));
				const off = declarePlainDevices(3, { status: "disabled" });
				assert.match(
					(await catchError(fleet.plan(declareDeviceFleet(off)))).message,
					/^iothub:maxDisables allows at most 1 .* this run needs 3:/,
				);
				assert.deepEqual(takeWrites(hub), []);
			},
			{ config },
		),
	);
	test(
		"whose credentials a plan would change",
		withHub(
			async (hub) => {
				const fleet = await deployDeviceFleet(hub, declarePlainDevices(3));
				const authentication = { type: "certificateAuthority" };
				const { message } = await catchError(
					fleet.plan(declareDeviceFleet(declarePlainDevices(3, { authentication }))),
				);
				assert.match(message, /^iothub:maxKeyChanges allows at most 1 .* this run needs 3:/);
				assert.deepEqual(takeWrites(hub), []);
			},
			{ config: { "iothub:maxKeyChanges": "1" } },
		),
	);
});
