import type { ApiVersion } from "../../../provider/iothub/settings.ts";
import type { DeviceView } from "../../emulator/emulator.ts";
import { HostAliases, HUB_HOST } from "./hostAliases.ts";
import { HubStage } from "./hubStage.ts";
import type { Elsewhere, Sample, Stage, StageKeys, Subject, Values, View } from "./subject.ts";

const ID = "press-1";
const REASON = { declared: "in service", changed: "being repaired", foreign: "seized by the auditors" };
const INPUTS = { deviceId: ID, status: "enabled", statusReason: REASON.declared };

const SAMPLE: Sample = {
	label: ID,
	inputs: INPUTS,
	changed: { ...INPUTS, statusReason: REASON.changed },
	moved: { inputs: { ...INPUTS, deviceId: "press-2" }, replaces: ["deviceId"] },
	other: { name: "status", value: "disabled", inputs: { ...INPUTS, status: "disabled" } },
	ignored: "statusReason",
	path: "statusReason",
	values: REASON,
};

const DEVICE = { path: `^/devices/${ID}$` };

/** IoT Hub devices in one dialect of the service. */
export function createDeviceSubject(apiVersion: ApiVersion): Subject {
	return {
		title: `DeviceIdentity over IoT Hub ${apiVersion}`,
		traits: { ids: "declared", etags: "revision", births: "at once", refresh: "inputs" },
		costs: { create: 1, unchanged: 1, update: 1, delete: 1, trouble: 16 },
		leads: { create: 0, update: 0, delete: 0 },
		patience: { silence: "1s", failure: "60s" },
		start: async (place) =>
			createStage(await HubStage.start({ "iothub:apiVersion": apiVersion }, { hostName: HUB_HOST }, place)),
	};
}

function createStage(hub: HubStage): Stage {
	const { faults, requests } = hub.control;
	const aliases = new HostAliases();
	return {
		sample: SAMPLE,
		connect: (options) => hub.connect({ ...options, config: aliases.nextSettings(hub.control) }),
		get clock() {
			return hub.clock;
		},
		createClock: () => hub.createClock(),
		words: hub.words,
		elsewhere: createDeviceElsewhere(hub, { deviceId: ID, statusReason: REASON.declared }),
		faults,
		requests,
		match: {
			create: { ...DEVICE, method: "PUT" },
			read: { path: `^/(devices|twins)/${ID}$`, method: "GET" },
			update: { ...DEVICE, method: "PUT" },
			delete: { ...DEVICE, method: "DELETE" },
		},
		adoptionRace: { match: { ...DEVICE, method: "PUT" }, nth: 2 },
		listConditions: ({ ifMatch = "" }) => [/^"(.*)"$/.exec(ifMatch)?.[1] ?? `not quoted: ${ifMatch}`],
		keys: createDeviceKeys(hub, { authentication: { rotation: ROTATION } }),
		listSecrets: () => hub.listSecrets(),
		listProblems: () => hub.problems,
		listRemains: () => [],
		close: () => hub.close(),
	};
}

/** A rotation that a program may request. */
export const ROTATION = { keyType: "secondary", generation: 1 };

/** Creates the keys of a hub's devices. */
export function createDeviceKeys({ control }: HubStage, rotation: Values): StageKeys {
	return {
		rotation,
		read: () =>
			new Map(
				control.devices
					.list()
					.map(({ deviceId, generationId, authentication: { symmetricKey } }) => [
						deviceId,
						{ uid: generationId, primary: symmetricKey.primaryKey, secondary: symmetricKey.secondaryKey },
					]),
			),
		withhold: () => {
			control.switches.withheldKeys = "null";
		},
	};
}

/** Somebody at the hub, whose doings concern one device: made, it has this reason. */
export function createDeviceElsewhere(
	hub: HubStage,
	{ deviceId, statusReason: declared }: { deviceId: string; statusReason: string },
): Elsewhere {
	const { devices } = hub.control;
	return {
		getView: () => toView(devices.get(deviceId)),
		count: () => devices.list().length,
		make: () => hub.seed({ deviceId, status: "enabled", statusReason: declared }),
		change: (statusReason) => devices.change(deviceId, { statusReason }),
		changeUndeclared: () => devices.rotateKeys(deviceId),
		rewrite: () => devices.change(deviceId, {}),
		simulateActivity: () => {
			devices.connect(deviceId);
			devices.sendTelemetry(deviceId);
			devices.patchTwin(deviceId, { tags: { site: "north" } });
		},
		remove: () => devices.remove(deviceId),
		recreate: () => devices.recreate(deviceId),
	};
}

function toView(device: DeviceView | undefined): View | undefined {
	if (device === undefined) return undefined;
	const { deviceId, status, statusReason, etag, generationId } = device;
	const revision = Number(Buffer.from(etag, "base64").toString("ascii"));
	return {
		id: deviceId,
		etag,
		uid: generationId,
		revision,
		fields: { deviceId, status, statusReason },
	};
}
